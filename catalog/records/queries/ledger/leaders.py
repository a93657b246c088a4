"""Who led, as they stood on the day: whether hours of theirs count as RSC, and whose hours they are."""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa

from catalog.accounts.models import Qualification
from catalog.courses.models import Offering
from catalog.records.ledger import Entry, Rsc, Sure
from catalog.records.models import Standing
from catalog.records.queries import leading


def by_leader(row: Any, entry: Entry) -> list[Entry]:
    """The line as it is, or where somebody stood in, one line for each who led; the first keeps its key."""
    if not row.led or entry.not_counted:
        return [entry]
    is_planned = entry.sure == Sure.PLANNED

    def could(who: int, on: date) -> bool:
        return is_planned or any(one["rsc"] for one in _on(_held_by(row, who), on))

    return [
        entry._replace(
            key=f"{entry.key}.{led.who}" if position else entry.key,
            minutes=led.minutes,
            began=led.began,
            on=led.on,
            trainer=led.name,
            rsc=provider_of(row, led.began, led.began if is_planned else led.on, led.who),
        )
        for position, led in enumerate(leading.split(row.led, entry.minutes, could))
        if led.minutes
    ] or [entry]


def _held_by(row: Any, who: int | None) -> list[dict[str, Any]]:
    return [one for one in json.loads(row.held or "[]") if one["who"] == who]


def provider_of(row: Any, began: date, on: date, who_id: int | None) -> Rsc:
    """Whoever led as they stood then, by the qualifications that are on record.

    Hours of a group count for the meetings on whose day they could provide RSC. So it is the last day from its
    beginning on which they could; where there is none, its last day."""
    every = _held_by(row, who_id)
    days = sorted({on, *(_day(one["until"]) or on for one in every)}, reverse=True)
    could = (day for day in days if began <= day <= on and any(one["rsc"] for one in _on(every, day)))
    held = _on(every, next(could, on))
    codes = frozenset(one["code"] for one in held if one["code"])
    provides = any(one["rsc"] for one in held)
    standing = (
        Standing.ENDORSED if provides or codes else Standing.NOT_ENDORSED if who_id else Standing.UNKNOWN
    )
    who = f"person-{who_id}" if who_id else "nobody"
    return Rsc(who, standing, codes, is_group=True)


def _on(every: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    return [
        one for one in every if (_day(one["from"]) or date.min) <= day <= (_day(one["until"]) or date.max)
    ]


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said[:10]) if said else None


def held() -> Any:
    """What those who lead an offering hold, as one JSON text; only looked up for RSC."""
    one = leading.json_object(
        "who",
        Qualification.person_id,
        "code",
        Qualification.category_code,
        "rsc",
        sa.case((Qualification.provides_rsc, 1), else_=0),
        "from",
        sa.cast(Qualification.held_from, sa.String),
        "until",
        sa.cast(Qualification.held_until, sa.String),
    )
    leads = sa.or_(
        Qualification.person_id == Offering.trainer_id, Qualification.person_id.in_(leading.stand_ins())
    )
    return sa.select(leading.json_list(one)).where(leads).correlate(Offering).scalar_subquery()
