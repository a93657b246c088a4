"""The log of individual RSC: a person writes a session down, whoever gave it confirms it, and it is among the hours.

There is a day and a length, and no word of what was talked about."""

import hashlib
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.queries import qualifications
from catalog.accounts.services import refuse_joined
from catalog.competencies.models import Ledger
from catalog.extensions import db
from catalog.groups import letters
from catalog.groups.models import RscSession, RscState
from catalog.groups.refusals import AlreadyAnswered, AlreadyWritten, NotQualified
from catalog.notices import audit
from catalog.records.models import EntrySource, EntryState, HourEntry, Standing
from catalog.wording import day

TITLE = "Individual reflective supervision/consultation"


def write_down(
    person: Person, provider: Person, held_on: date, minutes: int, *, once: str | None = None
) -> RscSession:
    """Ask the provider to confirm a session. The same form sent twice makes it once.

    Raises NotQualified, or AlreadyWritten where a session of the two on that day waits or was confirmed."""
    word = hashlib.sha256(f"rsc {person.id} {once}".encode()).hexdigest()[:32] if once else None
    if word and (made := db.session.scalar(sa.select(RscSession).where(RscSession.once == word))):
        return made
    _hold_both(person, provider)
    _refuse_unqualified(provider, held_on)
    if _stands(person, provider, held_on):
        raise AlreadyWritten
    made = RscSession(
        person_id=person.id,
        provider_id=provider.id,
        held_on=held_on,
        minutes=minutes,
        state=RscState.ASKED,
        asked_at=clock.now(),
        once=word,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        raise AlreadyWritten from None
    _note("rsc.asked", made, person)
    letters.rsc_asked(made)
    return made


def confirm(session: RscSession) -> HourEntry:
    """The provider says that it is right: an entry in the person's RSC ledger, verified by the provider, with how the
    provider stood on that day. Confirmed twice it is one entry. Raises AlreadyAnswered or NotQualified."""
    # The people first, as whoever joins accounts holds them before they move what is theirs.
    refuse_joined(session.person_id, session.provider_id, by=session.provider)
    _hold(session)
    if session.entry is not None:
        return session.entry
    if session.state != RscState.ASKED:
        raise AlreadyAnswered
    codes = _refuse_unqualified(session.provider, session.held_on)
    now = clock.now()
    entry = HourEntry(
        person_id=session.person_id,
        ledger=Ledger.RSC,
        title=TITLE,
        began_on=session.held_on,
        ended_on=session.held_on,
        minutes=session.minutes,
        trainer=session.provider.name,
        provider_id=session.provider_id,
        is_group=False,
        provider_standing=Standing.ENDORSED,
        provider_categories=" ".join(sorted(codes)),
        source=EntrySource.SELF_REPORTED,
        added_at=session.asked_at,
        added_by_id=session.person_id,
        state=EntryState.VERIFIED,
        checked_at=now,
        checked_by_id=session.provider_id,
    )
    db.session.add(entry)
    db.session.flush()
    session.state, session.answered_at, session.entry = RscState.CONFIRMED, now, entry
    db.session.flush()
    _note("rsc.confirmed", session, session.provider, entry_id=entry.id)
    letters.rsc_answered(session)
    return entry


def decline(session: RscSession) -> None:
    """The provider says that it is not right. Raises AlreadyAnswered."""
    if _end(session, RscState.DECLINED):
        _note("rsc.declined", session, session.provider)
        letters.rsc_answered(session)


def withdraw(session: RscSession) -> None:
    """The person takes it back before it was answered; afterwards it is corrected among their hours. Raises
    AlreadyAnswered."""
    if _end(session, RscState.WITHDRAWN):
        _note("rsc.withdrawn", session, session.person)


def _end(session: RscSession, state: RscState) -> bool:
    """Whether anything had to be done."""
    _hold(session)
    if session.state == state:
        return False
    if session.state != RscState.ASKED:
        raise AlreadyAnswered
    session.state, session.answered_at = state, clock.now()
    db.session.flush()
    return True


def _hold_both(person: Person, provider: Person) -> None:
    """Their rows are the lock, in the order of their numbers: two forms at once are looked at one after the other,
    and neither account is joined with another one meanwhile."""
    both = sa.select(Person.id).where(Person.id.in_((person.id, provider.id)))
    db.session.execute(both.order_by(Person.id).with_for_update(key_share=True)).all()
    refuse_joined(person.id, provider.id, by=person)


def _hold(session: RscSession) -> None:
    """The row is the lock: whoever waited reads how it stands now."""
    db.session.refresh(session, ["state", "entry_id"], with_for_update=True)
    db.session.expire(session, ["entry"])


def _stands(person: Person, provider: Person, held_on: date) -> bool:
    same = sa.exists().where(
        RscSession.person_id == person.id,
        RscSession.provider_id == provider.id,
        RscSession.held_on == held_on,
        RscSession.state.in_((RscState.ASKED, RscState.CONFIRMED)),
    )
    return bool(db.session.scalar(sa.select(same)))


def _refuse_unqualified(provider: Person, on: date) -> set[str]:
    """The codes of the categories the provider held on that day."""
    held = qualifications([provider.id], on).get(provider.id, [])
    if not any(one.provides_rsc for one in held):
        raise NotQualified(provider.name, day(on))
    return {one.category_code for one in held if one.category_code}


def _note(action: str, session: RscSession, by: Person, **details: Any) -> None:
    audit.note(action, "rsc", session.id, by=by, person_id=session.person_id, **details)
