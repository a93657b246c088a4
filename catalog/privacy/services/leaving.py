"""Writes: somebody asks for their account to be deleted, thinks better of it, or is gone."""

import secrets
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.accounts.queries import token_hash
from catalog.coordinating.services.holding import hold_sessions
from catalog.enrollment import services as enrollment
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing, writing
from catalog.notices import audit
from catalog.notices import services as notices
from catalog.notices.models import AuditEntry
from catalog.privacy import letters, proofs, queries
from catalog.privacy.models import Departure
from catalog.privacy.refusals import LeavingAlready, LinkSpent, StaysAlready
from catalog.privacy.services import erasing

GRACE = timedelta(days=14)
JOB = "leave"


def mail_leave_link(person: Person) -> None:
    """For whoever has no password to enter. Raises why they cannot leave."""
    if refusal := queries.in_the_way(person, clock.now()):
        raise refusal
    letters.leave_link(person, proofs.leave_link(person))


def leave_by_link(person: Person, key: str) -> Departure:
    """Raises LinkSpent for a link that is used, too old or not theirs, and why they cannot leave."""
    hold_sessions(queries.accounts_of(person.id))
    # Of two who use one link at the same moment the second waits, and sees that it is used.
    db.session.refresh(person, with_for_update={"key_share": True})
    if not proofs.is_theirs(person, key):
        raise LinkSpent
    return ask_to_leave(person)


def ask_to_leave(person: Person, *, grace: timedelta = GRACE) -> Departure:
    """Their account will be deleted when the grace is over. Seats are given back at once, because others wait for
    them, and every sign-in ends. Raises why they cannot leave."""
    if refusal := queries.in_the_way(person, clock.now()):
        raise refusal
    last = queries.departure_of(person.id)
    if last and last.is_open:
        raise LeavingAlready
    token = secrets.token_urlsafe(32)
    now = clock.now()
    made = Departure(person_id=person.id, asked_at=now, due_at=now + grace, token_hash=token_hash(token))
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        # The same form was sent twice, and the first was faster.
        raise LeavingAlready from None
    give_back(person)
    db.session.execute(sa.delete(SignIn).where(SignIn.person_id == person.id))
    notices.queue(JOB, {"departure_id": made.id}, at=made.due_at)
    letters.leaving(person, made.due_at, token)
    audit.note("person.leaving", "person", person.id, by=person, person_id=person.id)
    return made


def give_back(person: Person) -> int:
    """Every place on a session that is not over; whoever waits for one moves up. How many there were."""
    given = 0
    for place in queries.coming_places(queries.accounts_of(person.id), clock.now()):
        try:
            enrollment.withdraw(place, by=person)
            given += 1
        except RuleBroken:
            # It was decided about meanwhile, or its session is over.
            continue
    return given


def call_off(token: str) -> Person:
    """By the link that was mailed. Raises StaysAlready for any that does not work."""
    found = queries.departure_by(token)
    if found is None:
        raise StaysAlready
    changed = db.session.execute(
        sa.update(Departure)
        .where(Departure.id == found.id, Departure.undone_at.is_(None), Departure.done_at.is_(None))
        .values(undone_at=clock.now())
        .execution_options(synchronize_session=False)
        .returning(Departure.id)
    ).first()
    if changed is None:
        raise StaysAlready
    audit.note("person.stays", "person", found.person_id, by=found.person, person_id=found.person_id)
    letters.stays(found.person, "You called it off by the link we sent you.")
    return found.person


@event.listens_for(SignIn, "after_insert")
def _stays_by_signing_in(_mapper: Any, connection: sa.Connection, made: SignIn) -> None:
    """Whoever signs in has not left. It is told here, because every way to sign in opens a SignIn.

    Not while it waits for its second step: a password alone, which somebody else may know, calls nothing off. The
    second step opens a SignIn of its own."""
    if made.awaits_factor:
        return
    now = clock.now()
    changed = connection.execute(
        sa.update(Departure)
        .where(
            Departure.person_id == made.person_id, Departure.undone_at.is_(None), Departure.done_at.is_(None)
        )
        .values(undone_at=now)
        .returning(Departure.id)
    ).first()
    if changed is not None:
        entry = {
            "at": now,
            "action": "person.stays",
            "about": "person",
            "about_id": made.person_id,
            "by_id": made.person_id,
            "person_id": made.person_id,
            "details": {},
        }
        connection.execute(sa.insert(AuditEntry.__table__).values(entry))  # type: ignore[arg-type]


def leave(departure_id: int) -> str:
    """The grace is over. Who became needed meanwhile stays, and is told why. Says what became of it."""
    writing.set(False)
    asked = db.session.get(Departure, departure_id)
    if asked is None or not asked.is_open or asked.due_at > clock.now():
        return "called off"
    traces = erasing.look_for(queries.accounts_of(asked.person_id))
    # Looking takes long where much was written; nobody waits for the lock meanwhile.
    start_writing()
    asked = db.session.get_one(Departure, departure_id, with_for_update=True, populate_existing=True)
    if not asked.is_open:
        return "called off"
    if refusal := queries.in_the_way(asked.person, clock.now()):
        asked.undone_at = clock.now()
        audit.note("person.stays", "person", asked.person_id, by=None, person_id=asked.person_id)
        letters.stays(asked.person, str(refusal))
        db.session.flush()
        return "needed"
    give_back(asked.person)
    erasing.erase(asked.person, traces)
    asked.done_at = clock.now()
    db.session.flush()
    audit.note("person.left", "person", asked.person_id, by=None, person_id=asked.person_id)
    return "left"
