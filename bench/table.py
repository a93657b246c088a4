"""What was measured, as a Markdown table."""

from typing import NamedTuple

from bench.asks import Row
from bench.rounds import Measured
from bench.statements import Counted

HEAD = "| What | requests/s | of its floor | p50 ms | p99 ms | SQL statements | bytes | server CPU ms |"
RULE = "|---|--:|--:|--:|--:|--:|--:|--:|"
MOST_BYTES = 40_000


class Line(NamedTuple):
    row: Row
    measured: Measured
    counted: Counted

    def text(self) -> str:
        measured, counted = self.measured, self.counted
        cpu = "n/a" if measured.cpu is None else f"{measured.cpu * 1000:.2f}"
        cells = (
            self.row.title,
            f"{measured.rate:.0f}",
            f"{measured.ratio:.2f}",
            f"{measured.p50 * 1000:.1f}",
            f"{measured.p99 * 1000:.1f}",
            counted.statements,
            f"{counted.page_bytes:,}",
            cpu,
        )
        return f"| {' | '.join(cells)} |"

    def misses(self) -> list[str]:
        """The aims that were not reached, in words."""
        row, missed = self.row, []
        if self.measured.ratio < row.aim:
            missed.append(f"{row.title}: {self.measured.ratio:.2f} of its floor, the aim is {row.aim}")
        if self.counted.most > row.statements:
            missed.append(f"{row.title}: {self.counted.most} SQL statements, the aim is {row.statements}")
        if self.counted.page_bytes > MOST_BYTES:
            missed.append(f"{row.title}: {self.counted.page_bytes:,} bytes, the aim is {MOST_BYTES:,}")
        return missed
