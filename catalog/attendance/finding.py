"""Who may be meant by a few letters, when somebody comes who is not on the roster."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.queries import masked, plain_address
from catalog.attendance.models import Mark
from catalog.attendance.sheet import doors_open_at
from catalog.courses.models import Meeting, Offering
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.extensions import db
from catalog.places import county_name

FEWEST_LETTERS = 3
MOST = 10


class Found(NamedTuple):
    """Somebody without a seat: enough to tell two people apart, too little to write to them."""

    person_id: int
    name: str
    county: str
    email: str
    """Masked."""
    state: State | None
    """How they stand on the session without a seat: waiting, asked, or not at all."""


def find(offering: Offering, words: str) -> list[Found]:
    """People who have no seat here and whose name has each of the words, or whose whole address this is.

    Parts of addresses find nobody: otherwise an address could be guessed letter by letter."""
    words, old = " ".join(words.split())[:200], aliased(Person)
    if not is_enough(words):
        return []
    address = plain_address(words)
    joined = sa.select(old.merged_into_id).where(old.email == address)
    is_address = sa.or_(Person.email == address, Person.id.in_(joined))
    rows = db.session.execute(
        sa.select(Person, Enrollment.state)
        .outerjoin(
            Enrollment,
            sa.and_(
                Enrollment.person_id == Person.id,
                Enrollment.offering_id == offering.id,
                Enrollment.state.in_(LIVE),
            ),
        )
        .where(
            sa.or_(is_address, sa.and_(*(_named(word) for word in words.split()[:8]))),
            Person.merged_into_id.is_(None),
            sa.or_(Enrollment.state.is_(None), Enrollment.state != State.SEATED),
        )
        .order_by(sa.case((is_address, 0), else_=1), Person.name, Person.id)
        .limit(MOST)
    )
    return [
        Found(person.id, person.name, county_name(person.county) or "", masked(person.email), state)
        for person, state in rows
    ]


def is_enough(words: str) -> bool:
    return sum(letter.isalnum() for letter in words) >= FEWEST_LETTERS


def _named(word: str) -> sa.ColumnElement[bool]:
    # SQLite lowers ASCII letters only, so that "É" is looked for as it was typed as well.
    return sa.or_(
        sa.func.lower(Person.name).contains(word.lower(), autoescape=True),
        Person.name.contains(word, autoescape=True),
    )


def meetings_to_mark(offering: Offering) -> list[Meeting]:
    """Those that people come to and can be marked at by now, the latest first."""
    now = clock.now()
    come_to = [meeting for meeting in reversed(offering.meetings) if not meeting.is_own_work]
    return [meeting for meeting in come_to if doors_open_at(meeting) <= now]


def is_marked(meeting_id: int, enrollment_id: int) -> bool:
    """Whether somebody already said that this person was there."""
    return db.session.scalar(
        sa.select(Mark.minutes).where(Mark.meeting_id == meeting_id, Mark.enrollment_id == enrollment_id)
    ) not in (None, 0)
