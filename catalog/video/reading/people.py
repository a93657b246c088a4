"""What a report says of each participant, the same for every product."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from catalog.video.models import Source
from catalog.video.names import clean, fold


class Join(NamedTuple):
    """One time that somebody was in the meeting. The times are of the wall clock, or instants where the report says
    its zone; `left` None is for reports that were taken before somebody left. `lasted` tells two hours apart on the
    night when the clocks are set back."""

    line: int
    came: datetime
    left: datetime | None
    lasted: timedelta | None = None


@dataclass(frozen=True)
class Participant:
    """Everything of one address, or where there is none of one name.

    `total` is the time that the report adds up itself: all there is where it gives no times, and at most that much
    where it gives only the first coming and the last leaving."""

    name: str
    emails: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    total: timedelta | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "emails": list(self.emails),
            "joins": [
                [
                    join.line,
                    join.came.isoformat(),
                    join.left.isoformat() if join.left else None,
                    join.lasted.total_seconds() if join.lasted is not None else None,
                ]
                for join in self.joins
            ],
            "total": self.total.total_seconds() if self.total is not None else None,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Participant":
        return cls(
            kept["name"],
            tuple(kept["emails"]),
            tuple(
                Join(
                    line,
                    datetime.fromisoformat(came),
                    datetime.fromisoformat(left) if left else None,
                    timedelta(seconds=lasted) if lasted is not None else None,
                )
                for line, came, left, lasted in kept["joins"]
            ),
            timedelta(seconds=kept["total"]) if kept["total"] is not None else None,
        )


class Parsed(NamedTuple):
    """`held` is from when to when the report itself says that the meeting was, where it says so."""

    source: Source
    participants: list[Participant]
    held: tuple[datetime, datetime] | None = None


class Seen(NamedTuple):
    """One row."""

    name: str
    emails: tuple[str, ...]
    join: Join | None = None
    total: timedelta | None = None


def gather(rows: Iterable[Seen]) -> list[Participant]:
    """One participant for each address, or name where there is no address, in the order of the report."""
    by_key: dict[str, list[Seen]] = {}
    for row in rows:
        key = row.emails[0] if row.emails else f" {fold(row.name)}"
        by_key.setdefault(key, []).append(row)
    return [_participant(seen) for seen in by_key.values()]


def _participant(seen: list[Seen]) -> Participant:
    names = dict.fromkeys(row.name for row in seen if row.name)
    totals = [row.total for row in seen if row.total is not None]
    joins = tuple(row.join for row in seen if row.join)
    return Participant(
        # Whoever changed their name in between is shown by all of them; matching looks at each.
        name=clean(" / ".join(names)) if len(names) < 4 else next(iter(names)),
        emails=tuple(dict.fromkeys(email for row in seen for email in row.emails)),
        joins=joins,
        # Without times nobody knows whether two rows were one after the other or two devices at once.
        total=(sum(totals, timedelta()) if joins else max(totals)) if totals else None,
    )


def emails(*cells: str) -> tuple[str, ...]:
    """The addresses among the cells, small; a telephone number or a dash is none."""
    said = (clean(cell).casefold() for cell in cells)
    found = (cell for cell in said if cell.count("@") == 1 and " " not in cell and 3 <= len(cell) <= 254)
    return tuple(
        dict.fromkeys(email for email in found if not email.startswith("@") and not email.endswith("@"))
    )
