"""Telling of sessions with too few people: the trainer some days before they decide, coordinators on the day."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import contains_eager, joinedload

from catalog import clock
from catalog.attendance.deadlines import morning
from catalog.config import Settings
from catalog.courses.models import Offering, OfferingState, Seat
from catalog.courses.queries import coordinators
from catalog.extensions import db
from catalog.notices import services as notices
from catalog.teaching.letters import DECIDE_SOON, DECIDE_TODAY
from catalog.wording import day, local, when

BEFORE = timedelta(days=3)


def tell_of_decisions() -> None:
    """Send what has fallen due at eight in the morning by the session's clock; each letter has a key, so that it is
    sent once however often this is asked for. After the day itself nobody is told any more."""
    at = clock.now()
    settings: Settings = current_app.config["CATALOG"]
    for offering, taken in _too_few(at):
        decide_on, zone = offering.decide_on, offering.zone
        if decide_on is None or decide_on < local(at, zone).date():
            continue
        values = _values(offering, taken, settings.site_url)
        key = f"{offering.id} {decide_on}"
        if at >= morning(decide_on, zone):
            for person in coordinators(offering):
                notices.send(person, DECIDE_TODAY, values, dedupe_key=f"decide-today {key} {person.id}")
        elif offering.trainer and at >= morning(decide_on - BEFORE, zone):
            notices.send(offering.trainer, DECIDE_SOON, values, dedupe_key=f"decide-soon {key}")


def _too_few(at: datetime) -> list[tuple[Offering, int]]:
    """Sessions to come with fewer people than their minimum whose day to decide is near."""
    taken = (
        sa.select(sa.func.count())
        .where(Seat.offering_id == Offering.id, Seat.is_taken)
        .correlate(Offering)
        .scalar_subquery()
    )
    near = Offering.decide_on.between(
        (at - timedelta(days=1)).date(), (at + BEFORE).date() + timedelta(days=1)
    )
    rows = db.session.execute(
        sa.select(Offering, taken)
        .join(Offering.course)
        .options(contains_eager(Offering.course), joinedload(Offering.trainer))
        .where(
            Offering.state == OfferingState.SCHEDULED,
            near,
            taken < Offering.minimum,
            sa.or_(Offering.starts_at.is_(None), Offering.starts_at > at),
        )
        .order_by(Offering.id)
    )
    return [(row[0], row[1]) for row in rows]


def _values(offering: Offering, taken: int, site_url: str) -> dict[str, str]:
    return {
        "taken": str(taken),
        "minimum": str(offering.minimum),
        "decide_on": day(offering.decide_on) if offering.decide_on else "",
        "course": offering.course.title,
        "when": said_when(offering),
        "trainer": offering.trainer.name if offering.trainer else "nobody yet",
        "link": f"{site_url}/offerings/{offering.id}/roster",
    }


def said_when(offering: Offering) -> str:
    if offering.starts_at is None or offering.ends_at is None:
        return "At one's own pace"
    return when(offering.starts_at, offering.sittings[0].ends_at, offering.zone)
