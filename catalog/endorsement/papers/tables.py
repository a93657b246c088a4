"""The application as tables: a row for each training and another table for RSC, in the order one types them.

There are no rows of totals: whoever sums a column counts once."""

from collections.abc import Callable, Sequence

from catalog.competencies.models import Ledger
from catalog.endorsement.application import Application, Line, RscSaid
from catalog.sheets import Value, csv_bytes
from catalog.workbook import Tab, xlsx_bytes

LEDGERS = {Ledger.TRAINING: "Training", Ledger.RSC: "RSC"}

Row = tuple[Value, ...]
Column = tuple[str, int, Callable[[Line], Value]]
"""Its head, its width in letters, and what it says of a line."""


def _joined(of: Sequence[str]) -> str:
    return "; ".join(of)


def _said(get: Callable[[RscSaid], Value]) -> Callable[[Line], Value]:
    return lambda line: get(line.rsc) if line.rsc else ""


TRAININGS: tuple[Column, ...] = (
    ("Date", 12, lambda line: line.entry.on),
    ("First day, if another", 12, lambda line: line.first_day),
    ("Title", 42, lambda line: line.entry.title),
    ("Trainer", 22, lambda line: line.entry.trainer),
    ("Provider", 24, lambda line: line.entry.provider),
    ("Hours", 8, lambda line: line.hours),
    ("Minutes", 8, lambda line: line.entry.minutes),
    ("Areas", 26, lambda line: _joined(line.areas)),
    ("Topics this category asks for", 40, lambda line: _joined(line.topics)),
    ("Other topics", 30, lambda line: _joined(line.other_topics)),
    ("Ledger", 9, lambda line: LEDGERS[line.entry.ledger]),
    ("Verification", 20, lambda line: line.verification),
    ("Tags", 24, lambda line: _joined(line.tags)),
    ("Mapping", 13, lambda line: line.mapping),
    ("Certificate", 17, lambda line: line.certificate),
)
RSC: tuple[Column, ...] = (
    ("First day", 12, lambda line: line.entry.began),
    ("Last day", 12, lambda line: line.entry.on),
    ("Who provided it", 24, lambda line: line.entry.trainer),
    ("Their category on that day", 28, _said(lambda said: _joined(said.categories))),
    ("Their standing on that day", 18, _said(lambda said: said.standing)),
    ("Individual or group", 12, _said(lambda said: said.form)),
    ("Hours", 8, lambda line: line.hours),
    ("Minutes", 8, lambda line: line.entry.minutes),
    ("About RSC one gives", 10, _said(lambda said: "Yes" if said.is_about_own else "No")),
    ("Counts for this category", 18, _said(lambda said: said.counted.value)),
    ("Why not, or why not surely", 40, _said(lambda said: said.why)),
    ("Title", 32, lambda line: line.entry.title),
    ("Organization", 24, lambda line: line.entry.provider),
    ("Ledger", 9, lambda line: LEDGERS[line.entry.ledger]),
    ("Verification", 20, lambda line: line.verification),
    ("Tags", 24, lambda line: _joined(line.tags)),
    ("Certificate", 17, lambda line: line.certificate),
)
LEFT_OUT: tuple[Column, ...] = (
    ("Date", 12, lambda line: line.entry.on),
    ("First day, if another", 12, lambda line: line.first_day),
    ("Title", 42, lambda line: line.entry.title),
    ("Trainer", 22, lambda line: line.entry.trainer),
    ("Provider", 24, lambda line: line.entry.provider),
    ("Hours", 8, lambda line: line.hours),
    ("Minutes", 8, lambda line: line.entry.minutes),
    ("Ledger", 9, lambda line: LEDGERS[line.entry.ledger]),
    ("Why it does not count", 60, lambda line: line.reason),
)


def trainings_csv(of: Application) -> bytes:
    return csv_bytes(_rows(TRAININGS, of.trainings))


def rsc_csv(of: Application) -> bytes:
    return csv_bytes(_rows(RSC, of.rsc))


def left_out_csv(of: Application) -> bytes:
    return csv_bytes(_rows(LEFT_OUT, of.left_out))


def xlsx(of: Application) -> bytes:
    tabs = [
        _tab("Trainings", TRAININGS, of.trainings),
        _tab("RSC", RSC, of.rsc),
        Tab("What this is", _about(of), (44, 70, 46)),
    ]
    if of.left_out:
        tabs.append(_tab("Not counted", LEFT_OUT, of.left_out))
    return xlsx_bytes(tabs, title=f"Application of {of.person}, {of.category}", made_at=of.at)


def _tab(name: str, columns: Sequence[Column], lines: Sequence[Line]) -> Tab:
    return Tab(name, _rows(columns, lines), [width for _, width, _ in columns])


def _rows(columns: Sequence[Column], lines: Sequence[Line]) -> list[Row]:
    head: Row = tuple(name for name, _, _ in columns)
    return [head, *(tuple(get(line) for _, _, get in columns) for line in lines)]


def _about(of: Application) -> list[Row]:
    """Whose it is, for what, as of when; each figure with its edition; and what it is not."""
    return [
        ("What this is", "For an Endorsement application", "Where it comes from"),
        ("Person", of.person, ""),
        ("Category", of.category, f"Edition {of.edition}" if of.edition else ""),
        ("As of", of.on, ""),
        *(
            (
                figure.label,
                f"{figure.said}. {figure.answer}.".replace("..", "."),
                figure.known(of.association),
            )
            for figure in of.figures
        ),
        ("What it is not", of.what_it_is_not, ""),
    ]
