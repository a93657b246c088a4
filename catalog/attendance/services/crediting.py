"""Writing down what was reckoned. Credit is only added or put out of force: no row is changed and none is erased."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple

from sqlalchemy.orm import selectinload

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries
from catalog.attendance.letters import HOURS
from catalog.attendance.models import Credit, CreditArea, CreditTopic, KnownBy
from catalog.attendance.reckoning import AreaEarned, Earned, TopicEarned
from catalog.competencies.models import HourTag, Ledger
from catalog.competencies.wording import LEDGERS
from catalog.courses.models import Offering
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices import services as notices
from catalog.wording import hours

Key = tuple[int, Ledger]
"""Whose credit, and in which ledger."""


class Giving(NamedTuple):
    """Who gives credit and, where it was given before, why it is reckoned again. `occasion` names it for the mail:
    nobody is written to twice on the same one."""

    by: Person
    occasion: str
    reason: str | None = None


def give(
    offering: Offering, earned: Sequence[Earned], giving: Giving, only: Collection[int] | None = None
) -> list[Credit]:
    """Make these the credits in force, and tell everybody whose hours are new or different.

    A credit that says the same is left as it is, with all that stands on it. `only` leaves everybody but these
    people alone."""
    standing = _standing(offering, only)
    wanted = {_key(one): one for one in earned if only is None or one.enrollment.person_id in only}
    changed = {key: one for key, one in wanted.items() if key not in standing or not says(standing[key], one)}
    gone = {key: old for key, old in standing.items() if key not in wanted}
    for key in (*changed, *gone):
        if key in standing:
            standing[key].superseded_at = clock.now()
    db.session.flush()
    given = [_credit(one, offering, giving.by) for one in changed.values()]
    db.session.add_all(given)
    for key in (*changed, *gone):
        if old := standing.get(key):
            _note(offering, key, old, changed.get(key), giving)
    _tell_everyone(offering, wanted, standing, giving)
    db.session.flush()
    return given


def says(credit: Credit, earned: Earned) -> bool:
    """Whether the credit says of this person all that is reckoned today."""
    return _figures(credit) == (
        earned.enrollment.id,
        earned.minutes,
        earned.attended,
        earned.held,
        earned.rule,
        earned.not_counted_because,
        earned.earned_on,
        earned.taken_by,
        frozenset(earned.areas),
        frozenset(earned.topics),
        frozenset(earned.tag_ids),
    )


def _figures(credit: Credit) -> tuple[object, ...]:
    return (
        credit.enrollment_id,
        credit.minutes,
        credit.attended_minutes,
        credit.held_minutes,
        credit.rule,
        credit.not_counted_because,
        credit.earned_on,
        credit.taken_by,
        frozenset(AreaEarned(row.area_id, row.minutes, row.was_reviewed) for row in credit.areas),
        frozenset(TopicEarned(row.topic_id, row.was_reviewed) for row in credit.topics),
        frozenset(tag.id for tag in credit.tags),
    )


def _key(earned: Earned) -> Key:
    return earned.enrollment.person_id, earned.ledger


def _standing(offering: Offering, only: Collection[int] | None) -> dict[Key, Credit]:
    told = (selectinload(Credit.areas), selectinload(Credit.topics), selectinload(Credit.tags))
    found = queries.credits_in_force(offering, *told, selectinload(Credit.person))
    return {
        (credit.person_id, credit.ledger): credit
        for credit in found
        if only is None or credit.person_id in only
    }


def _credit(earned: Earned, offering: Offering, by: Person) -> Credit:
    return Credit(
        person_id=earned.enrollment.person_id,
        enrollment_id=earned.enrollment.id,
        offering_id=offering.id,
        ledger=earned.ledger,
        minutes=earned.minutes,
        attended_minutes=earned.attended,
        held_minutes=earned.held,
        rule=earned.rule,
        not_counted_because=earned.not_counted_because,
        earned_on=earned.earned_on,
        known_by=KnownBy.ATTENDANCE,
        taken_by=earned.taken_by,
        given_at=clock.now(),
        given_by_id=by.id,
        areas=[CreditArea(**area._asdict()) for area in earned.areas],
        topics=[CreditTopic(**topic._asdict()) for topic in earned.topics],
        tags=[db.session.get_one(HourTag, tag_id) for tag_id in earned.tag_ids],
    )


def _note(offering: Offering, key: Key, old: Credit, new: Earned | None, giving: Giving) -> None:
    """The trail of a credit that was given before: what it was, what it is, who and why."""
    audit.note(
        "credit.changed",
        "offering",
        offering.id,
        by=giving.by,
        person_id=key[0],
        reason=giving.reason,
        ledger=key[1].value,
        before={
            "minutes": old.minutes,
            "attended": old.attended_minutes,
            "held": old.held_minutes,
            "rule": old.rule,
            "does not count": old.not_counted_because,
        },
        after={
            "minutes": new.minutes if new else 0,
            "attended": new.attended if new else 0,
            "held": new.held if new else old.held_minutes,
            "rule": new.rule if new else old.rule,
            "does not count": new.not_counted_because if new else "",
        },
    )


# What people are told.


def _tell_everyone(
    offering: Offering, wanted: dict[Key, Earned], standing: dict[Key, Credit], giving: Giving
) -> None:
    before = {key: (old.minutes, old.not_counted_because) for key, old in standing.items()}
    now = {key: (one.minutes, one.not_counted_because) for key, one in wanted.items()}
    for person_id, keys in groupby(sorted({*before, *now}), key=lambda key: key[0]):
        mine = list(keys)
        if any(before.get(key) != now.get(key) for key in mine):
            lines = [_line(wanted[key]) for key in mine if key in wanted]
            _tell(
                offering,
                db.session.get_one(Person, person_id),
                lines or ["You have no hours from it any more."],
                giving,
                corrected=any(key in before for key in mine),
            )


def _tell(offering: Offering, person: Person, lines: list[str], giving: Giving, corrected: bool) -> None:
    title = offering.course.title
    opening = "Your hours were checked again and changed." if corrected else "Your hours are there."
    values = {"course": title, "what": opening, "hours": "\n\n".join(lines)}
    notices.send(person, HOURS, values, dedupe_key=f"hours {giving.occasion} {person.id}")


def _line(earned: Earned) -> str:
    line = f"{LEDGERS[earned.ledger]}: {hours(earned.minutes)}. You were there for {hours(earned.attended)}"
    line += f" of {hours(earned.held)}. The rule: {earned.rule}"
    return f"{line}\nThey do not count: {earned.not_counted_because}" if earned.not_counted_because else line
