"""Who led the meetings that RSC hours come from.

Most groups have one facilitator, and their hours are one line of the ledger. Where somebody stood in at a meeting,
each who led gets a line of their own, because of each provider it is asked whether hours with them count."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog.accounts.models import Person
from catalog.attendance.models import Credit, Mark
from catalog.competencies.models import Ledger
from catalog.courses.models import Meeting, Offering, meeting_substitute
from catalog.enrollment.models import Enrollment
from catalog.extensions import db


class Led(NamedTuple):
    """Some meetings of one person with one leader: how long, from which day to which."""

    who: int
    name: str
    minutes: int
    began: date
    on: date


def json_object(*pairs: Any) -> Any:
    if db.engine.dialect.name == "sqlite":
        return sa.func.json_object(*pairs)
    return sa.func.json_build_object(
        *(sa.literal_column(f"'{p}'") if isinstance(p, str) else p for p in pairs)
    )


def json_list(one: Any) -> Any:
    listed = sa.func.aggregate_strings(sa.cast(one, sa.String), ",")
    return sa.literal("[").concat(listed).concat("]")


def stand_ins() -> Any:
    """The ids of those who stand in at meetings of an offering."""
    return (
        sa.select(meeting_substitute.c.person_id)
        .join(Meeting, Meeting.id == meeting_substitute.c.meeting_id)
        .where(Meeting.offering_id == Offering.id)
        .correlate(Offering)
    )


def attended(trainer: Any) -> Any:
    """The meetings that a credit comes from, as one JSON text; nothing where nobody stood in at any."""
    its, of = aliased(Meeting), aliased(Enrollment)
    meetings = (
        _listed(its, trainer, Mark.minutes)
        .join(Mark, Mark.meeting_id == its.id)
        .join(of, of.id == Mark.enrollment_id)
        .where(
            of.person_id == Credit.person_id,
            its.offering_id == Credit.offering_id,
            its.ledger == Credit.ledger,
            Mark.minutes > 0,
        )
        .correlate(Credit, Offering, trainer)
    )
    is_split = sa.and_(Credit.ledger == Ledger.RSC, stand_ins().exists())
    return sa.case((is_split, meetings.scalar_subquery()))


def planned(trainer: Any) -> Any:
    """The same of a seat that is held: every meeting there is."""
    its = aliased(Meeting)
    meetings = (
        _listed(its, trainer, its.minutes)
        .where(its.offering_id == Offering.id, its.ledger == Ledger.RSC)
        .correlate(Offering, trainer)
    )
    return sa.case((stand_ins().exists(), meetings.scalar_subquery()))


def _listed(its: Any, trainer: Any, minutes: Any) -> sa.Select[Any]:
    other = aliased(Person)
    one = json_object(
        *("meeting", its.id),
        *("who", sa.func.coalesce(meeting_substitute.c.person_id, Offering.trainer_id)),
        *("name", sa.func.coalesce(other.name, trainer.name)),
        *("minutes", minutes),
        *("on", sa.cast(its.starts_wall, sa.String)),
    )
    return (
        sa.select(json_list(one))
        .select_from(its)
        .outerjoin(meeting_substitute, meeting_substitute.c.meeting_id == its.id)
        .outerjoin(other, other.id == meeting_substitute.c.person_id)
    )


def split(text: str | None, minutes: int, could: Callable[[int, date], bool]) -> list[Led]:
    """The minutes of credit by who led, in proportion to those attended; `could` says whether somebody could provide
    RSC on a day, because hours of other days are not in the credit. Nothing where it is all one line."""
    every = _meetings(json.loads(text or "[]"))
    given = [one for one in every if could(one.who, one.on)]
    leaders = {one.who: one.name for one in given}
    whole = sum(one.minutes for one in given)
    if not whole:
        return []
    found = []
    for who, name in leaders.items():
        theirs = [one for one in given if one.who == who]
        share = minutes * sum(one.minutes for one in theirs) // whole
        found.append(Led(who, name, share, min(one.on for one in theirs), max(one.on for one in theirs)))
    # Nothing is lost to rounding: what is left goes to whoever led most.
    found.sort(key=lambda one: (-one.minutes, one.who))
    rest = minutes - sum(one.minutes for one in found)
    return [found[0]._replace(minutes=found[0].minutes + rest), *found[1:]]


def _meetings(rows: Iterable[dict[str, Any]]) -> list[Led]:
    """Each meeting once: whoever left and came back may be marked twice, and the longer of the two counts."""
    best: dict[int, Led] = {}
    for row in sorted(rows, key=lambda row: row["minutes"]):
        if row["who"] is not None:
            on = date.fromisoformat(row["on"][:10])
            best[row["meeting"]] = Led(row["who"], row["name"], row["minutes"], on, on)
    return [best[meeting] for meeting in sorted(best)]
