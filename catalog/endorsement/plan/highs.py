"""The solver. It is loaded when the first plan is made: it would cost every start of the program as much."""

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any


class NoTime(Exception):
    """Time ran out before anything was found."""


@cache
def _highs() -> Any:
    return importlib.import_module("highspy")


class Programme:
    """Columns from 0 to an upper bound, and rows that are sums of them with a most. All figures are whole numbers."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.most: list[float] = []
        self.starts: list[int] = [0]
        self.index: list[int] = []
        self.value: list[float] = []

    def column(self, upper: int, *, is_whole: bool = False) -> int:
        self.upper.append(upper)
        self.whole.append(is_whole)
        return len(self.upper) - 1

    def row(self, terms: Mapping[int, int], *, most: int) -> None:
        self.index += terms.keys()
        self.value += terms.values()
        self.starts.append(len(self.index))
        self.most.append(most)

    def minimise(
        self, objective: Mapping[int, int], seconds: float, step: int = 1
    ) -> tuple[list[float], bool]:
        """The columns, and whether the objective can be nothing smaller. Raises NoTime.

        `step` divides whatever the objective can be: a gap smaller than it is none.

        The solver is never told of a solution to begin with: HiGHS 1.16 may then prove the least and hand back what
        it was told instead."""
        if seconds <= 0:
            raise NoTime
        highs = _highs()
        solver = highs.Highs()
        for name, value in (
            ("output_flag", False),
            # One core for each request; the others have requests of their own.
            ("threads", 1),
            ("time_limit", seconds),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.9 * step),
        ):
            solver.setOptionValue(name, value)
        solver.passModel(self._model(highs, objective))
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != highs.SolutionStatus.kSolutionStatusFeasible:
            raise NoTime
        values = list(solver.getSolution().col_value)
        found = sum(weight * values[at] for at, weight in objective.items())
        is_it = abs(found - info.objective_function_value) < 0.5
        return values, is_it and solver.getModelStatus() == highs.HighsModelStatus.kOptimal

    def _model(self, highs: Any, objective: Mapping[int, int]) -> Any:
        model = highs.HighsLp()
        model.num_col_, model.num_row_ = len(self.upper), len(self.most)
        model.col_cost_ = [float(objective.get(at, 0)) for at in range(len(self.upper))]
        model.col_lower_ = [0.0] * len(self.upper)
        model.col_upper_ = self.upper
        model.row_lower_ = [-highs.kHighsInf] * len(self.most)
        model.row_upper_ = self.most
        model.a_matrix_.format_ = highs.MatrixFormat.kRowwise
        model.a_matrix_.start_ = self.starts
        model.a_matrix_.index_ = self.index
        model.a_matrix_.value_ = self.value
        kinds = (highs.HighsVarType.kContinuous, highs.HighsVarType.kInteger)
        model.integrality_ = [kinds[is_whole] for is_whole in self.whole]
        return model
