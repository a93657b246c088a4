"""Reads: the rows behind a count of the desk, where no other page lists them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from catalog.accounts.models import Person
from catalog.coordinating.queries.work import WORK, Moment, within
from catalog.courses.models import Offering
from catalog.disputes.models import Dispute
from catalog.enrollment.models import HOLDING, IS_WAITING, Enrollment, State
from catalog.extensions import db
from catalog.notices.models import Bounce
from catalog.wording import day

PER_PAGE = 50


class Said(NamedTuple):
    """What one thing is called, what there is to know of it, and the page on which it is settled."""

    title: str
    text: str
    endpoint: str
    values: dict[str, int]


class Line(NamedTuple):
    said: Said
    since: datetime | None
    due: datetime | date | None


def lines(kind: str, at: Moment, page: int, of: Person) -> tuple[list[Line], int]:
    """One page, what is too late first at the top; and the number of pages. Three statements."""
    found = within(kind, WORK[kind](at), of).subquery()
    count = db.session.scalar(sa.select(sa.func.count()).select_from(found)) or 0
    pages = max(1, -(-count // PER_PAGE))
    start = (min(max(page, 1), pages) - 1) * PER_PAGE
    order = (found.c.due, found.c.due_on, found.c.since, found.c.id)
    rows = db.session.execute(sa.select(found).order_by(*order).limit(PER_PAGE).offset(start)).all()
    said = LISTED[kind]([row.id for row in rows])
    return [Line(said[row.id], row.since, row.due or row.due_on) for row in rows], pages


def _disputes(ids: Sequence[int]) -> dict[int, Said]:
    found = db.session.scalars(
        sa.select(Dispute)
        .options(
            joinedload(Dispute.enrollment, innerjoin=True).options(
                joinedload(Enrollment.person, innerjoin=True), _titled(Enrollment.offering)
            )
        )
        .where(Dispute.id.in_(ids))
    )
    return {
        one.id: Said(
            one.enrollment.offering.course.title,
            f"{one.enrollment.person.name} disputes a mark.",
            "disputes.show",
            {"dispute_id": one.id},
        )
        for one in found
    }


def _places(ids: Sequence[int]) -> dict[int, Said]:
    """Requests and offers, by the roster on which they are answered."""
    found = db.session.scalars(
        sa.select(Enrollment)
        .options(joinedload(Enrollment.person, innerjoin=True), _titled(Enrollment.offering))
        .where(Enrollment.id.in_(ids))
    )
    words = {State.REQUESTED: "asked for a place", State.OFFERED: "has not answered the offer of a seat"}
    return {
        one.id: Said(
            one.offering.course.title,
            f"{one.person.name} {words.get(one.state, 'is on it')}.",
            "enrollment.roster",
            {"offering_id": one.offering_id},
        )
        for one in found
    }


def _sessions(say: Callable[[Offering, int, int], str]) -> Callable[[Sequence[int]], dict[int, Said]]:
    """Sessions, with how many hold a seat and how many wait."""

    def listed(ids: Sequence[int]) -> dict[int, Said]:
        held, waiting = (
            sa.select(sa.func.count())
            .select_from(Enrollment)
            .where(Enrollment.offering_id == Offering.id, wanted)
            .correlate(Offering)
            .scalar_subquery()
            for wanted in (Enrollment.state.in_(HOLDING), IS_WAITING)
        )
        found = db.session.execute(
            sa.select(Offering, held, waiting)
            .options(joinedload(Offering.course, innerjoin=True))
            .where(Offering.id.in_(ids))
        )
        return {
            one.id: Said(
                one.course.title, say(one, taken, waits), "enrollment.roster", {"offering_id": one.id}
            )
            for one, taken, waits in found
        }

    return listed


def _too_few(offering: Offering, held: int, _waiting: int) -> str:
    begins = f" It begins on {day(offering.starts_at, offering.zone)}." if offering.starts_at else ""
    return f"{_people(held)} of the {offering.minimum} that it needs.{begins}"


def _stuck(_offering: Offering, _held: int, waiting: int) -> str:
    return f"{_people(waiting)} waiting although a seat is free. Open the roster and seat the first of them."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _addresses(ids: Sequence[int]) -> dict[int, Said]:
    found = db.session.execute(
        sa.select(Person, Bounce)
        .join(Bounce, Bounce.address == Person.email)
        .where(Person.id.in_(ids), Bounce.is_permanent, Bounce.cleared_at.is_(None))
        .order_by(Bounce.came_at)
    )
    return {
        person.id: Said(
            person.name,
            f"{person.email} takes no mail. {bounce.reason}".strip(),
            "records.person",
            {"person_id": person.id},
        )
        for person, bounce in found
    }


def _titled(path: Any) -> Any:
    return joinedload(path, innerjoin=True).joinedload(Offering.course, innerjoin=True)


LISTED: dict[str, Callable[[Sequence[int]], dict[int, Said]]] = {
    "offers": _places,
    "minimum": _sessions(_too_few),
    "queues": _sessions(_stuck),
    "requests": _places,
    "disputes": _disputes,
    "bounces": _addresses,
}
"""The kinds that no other page lists, and who says what their rows are."""
