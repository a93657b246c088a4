"""Writing to people on a session: one letter to each, and a copy of what was sent."""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Meeting, Offering
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices import services as notices
from catalog.notices.letters import fill
from catalog.teaching.letters import ROSTER_MESSAGE
from catalog.teaching.models import Audience, RosterMessage
from catalog.teaching.queries.messages import audience
from catalog.teaching.refusals import NobodyToWriteTo, OthersThanSeen, SentWithOther
from catalog.teaching.services.deciding import said_when


def write(
    offering: Offering,
    wanted: Audience,
    meeting: Meeting | None,
    subject: str,
    text: str,
    *,
    by: Person,
    seen: str,
    once: str | None,
) -> RosterMessage:
    """Send it to everybody who is meant; an answer goes to `by`. The same form sent twice sends it once.

    `seen` is what `stand` said when the names were looked at. Raises NobodyToWriteTo, OthersThanSeen when other
    people are meant by now, or SentWithOther."""
    message = RosterMessage(
        offering_id=offering.id,
        by_id=by.id,
        audience=wanted,
        meeting_id=meeting.id if meeting else None,
        subject=subject,
        text=text,
        sent_at=clock.now(),
        once=_key(once, by, offering),
    )
    try:
        with db.session.begin_nested():
            db.session.add(message)
            db.session.flush()
    except IntegrityError:
        return _sent_before(message)
    people = audience(offering, wanted, meeting)
    if not people:
        raise NobodyToWriteTo
    if seen != stand(people):
        raise OthersThanSeen
    message.people = list(people)
    db.session.flush()
    values = words(offering, subject, text, by)
    for person in people:
        key = f"roster-message {message.id} {person.id}"
        notices.send(person, ROSTER_MESSAGE, values, dedupe_key=key, reply_to=by.email)
    audit.note("roster.written", "offering", offering.id, by=by, to=wanted.value, people=len(people))
    return message


def stand(people: Sequence[Person]) -> str:
    """Which people these are, as a word that a form can carry."""
    return hashlib.sha256(" ".join(str(person.id) for person in people).encode()).hexdigest()[:16]


def words(offering: Offering, subject: str, text: str, by: Person) -> dict[str, str]:
    """What the letter says, beside the name of whom it is for."""
    return {
        "subject": subject,
        "text": text,
        "by": by.name,
        "course": offering.course.title,
        "when": said_when(offering),
    }


def preview(offering: Offering, subject: str, text: str, *, by: Person, to: Person) -> tuple[str, str]:
    """Subject and text of the letter as this person would get it."""
    values = {"name": to.name, **words(offering, subject, text, by)}
    return fill(ROSTER_MESSAGE.subject, values), fill(ROSTER_MESSAGE.body, values)


def _key(once: str | None, by: Person, offering: Offering) -> str | None:
    return hashlib.sha256(f"{by.id} {offering.id} {once}".encode()).hexdigest()[:32] if once else None


def _sent_before(sent: RosterMessage) -> RosterMessage:
    before = db.session.scalar(sa.select(RosterMessage).where(RosterMessage.once == sent.once))
    said = ("audience", "meeting_id", "subject", "text")
    if before is None or any(getattr(before, name) != getattr(sent, name) for name in said):
        raise SentWithOther
    return before
