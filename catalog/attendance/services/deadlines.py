"""Reminding trainers, then coordinators, of rosters that nobody has closed. The worker asks for it once an hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import deadlines
from catalog.attendance.deadlines import TO_COORDINATORS, Overdue
from catalog.attendance.letters import ROSTER_DUE, ROSTERS_OVERDUE
from catalog.config import Settings
from catalog.courses.models import Offering
from catalog.courses.queries import coordinated_by, coordinators_of_some
from catalog.extensions import db
from catalog.notices import services as notices
from catalog.wording import day

MOST_NAMED = 10


def remind() -> None:
    """Send what has fallen due and was not sent yet. Of several that fell due meanwhile, only the latest.

    However often this is asked for, and by however many workers, each reminder is sent once: it has a key."""
    at, settings = clock.now(), _settings()
    today = clock.today(settings.site_zone)
    told = deadlines.told_to_coordinators(today)
    fresh: dict[str, int] = {}
    for one in deadlines.lately_overdue(at):
        step = one.step(at)
        if step is None:
            continue
        if (trainer := one.offering.trainer) and step != TO_COORDINATORS:
            notices.send(trainer, ROSTER_DUE, _due(one, at, settings.site_url), dedupe_key=one.key(step))
        elif one.key(step) not in told:
            fresh[one.key(step)] = one.offering.id
    if fresh and at >= deadlines.morning(today, settings.site_zone):
        # One letter a day; what falls due after it stands in tomorrow's.
        payload = {"day": today.isoformat(), "rosters": fresh}
        notices.queue("rosters_overdue", payload, dedupe_key=deadlines.digest_key(today))


def _due(one: Overdue, at: datetime, site_url: str) -> dict[str, str]:
    offering, days = one.offering, one.days(at)
    return {
        "course": offering.course.title,
        "was": "was opened again" if one.reopened_at else "ended",
        "ago": "yesterday" if days == 1 else f"{days} days ago",
        "day": day(one.ended_at, offering.zone),
        "link": f"{site_url}/offerings/{offering.id}/attendance",
    }


def tell_coordinators(payload: dict[str, Any]) -> None:
    """One letter to each coordinator: which of their rosters have come due, and how many of them there are."""
    settings = _settings()
    still_open = _still_open(payload["rosters"].values())
    for person in coordinators_of_some():
        theirs = [one for one in still_open if person.covers(one.county, one.course.provider)]
        if not theirs:
            continue
        values = _digest(theirs, _overdue_for_a_week(settings.site_zone, person), settings.site_url)
        key = f"rosters-overdue {payload['day']} {person.id}"
        notices.send(person, ROSTERS_OVERDUE, values, dedupe_key=key)


def _digest(open_now: Sequence[Offering], number: int, site_url: str) -> dict[str, str]:
    lines = [_line(offering) for offering in open_now[:MOST_NAMED]]
    if len(open_now) > MOST_NAMED:
        lines.append(f"- and {len(open_now) - MOST_NAMED} more")
    are = "1 roster has" if number == 1 else f"{number} rosters have"
    most = max(number, len(open_now))
    return {
        "how_many": "A roster is overdue" if most == 1 else f"{most} rosters are overdue",
        "rosters": "\n".join(lines),
        "in_all": f"In all {are} been open for {TO_COORDINATORS} days or longer." if number else "",
        "link": f"{site_url}/rosters/overdue",
    }


def _overdue_for_a_week(zone: str, person: Person) -> int:
    last_day = clock.today(zone) - timedelta(days=TO_COORDINATORS)
    return deadlines.how_many(deadlines.midnight(last_day + timedelta(days=1), zone), coordinated_by(person))


def _still_open(offering_ids: Any) -> Sequence[Offering]:
    return db.session.scalars(
        sa.select(Offering)
        .options(joinedload(Offering.course, innerjoin=True), joinedload(Offering.trainer))
        .where(Offering.id.in_(list(offering_ids)), Offering.settled_at.is_(None))
        .order_by(Offering.ends_at, Offering.id)
    ).all()


def _line(offering: Offering) -> str:
    trainer = offering.trainer.name if offering.trainer else "nobody teaches it"
    ended = day(offering.ends_at, offering.zone) if offering.ends_at else ""
    return f"- {offering.course.title}, {ended} ({trainer})"


def _settings() -> Settings:
    settings: Settings = current_app.config["CATALOG"]
    return settings
