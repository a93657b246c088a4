"""Writes: education that people bring along, and a coordinator who looks at it. It never becomes hours."""

import hashlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import refuse_joined
from catalog.extensions import db
from catalog.notices import audit
from catalog.records import letters
from catalog.records.evidence import Clean
from catalog.records.models import CheckState, Education, Evidence
from catalog.records.refusals import AlreadySettled, NotAsSeen, OwnEducation, SentWithOther
from catalog.records.services.files import keep

COLUMNS = ("programme", "institution", "credit_hours", "finished_on", "course_id")


def add_education(
    columns: dict[str, Any], file: Clean | None, *, by: Person, once: str | None = None
) -> Education:
    """Write it down, to be looked at. The same form sent twice makes it once."""
    refuse_joined(by.id, by=by)
    made = Education(person_id=by.id, **columns, state=CheckState.PENDING, added_at=clock.now())
    made.once = hashlib.sha256(f"{by.id} {once}".encode()).hexdigest()[:32] if once else None
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        return _made_before(made)
    if file:
        keep(made, file)
    _note("education.added", made, by)
    letters.to_look_at(made)
    return made


def _made_before(sent: Education) -> Education:
    before = db.session.scalar(sa.select(Education).where(Education.once == sent.once))
    if before is None or _said(before) != _said(sent):
        raise SentWithOther
    return before


def change_education(
    education: Education, columns: dict[str, Any], file: Clean | None, *, by: Person, drops_file: bool = False
) -> None:
    """Say it otherwise, with another file or none. Whatever a coordinator had seen has to be seen again."""
    # A file is a row of the person's own. The person first, as whoever joins accounts holds them.
    refuse_joined(education.person_id, by=by)
    _hold(education)
    before, evidence = _said(education), education.evidence_id
    for name, value in columns.items():
        setattr(education, name, value)
    if file or drops_file:
        _drop_file(education)
    if file:
        keep(education, file)
    db.session.flush()
    is_same = _said(education) == before and education.evidence_id == evidence
    # Sent back and sent again as it is: that too is an answer.
    if is_same and education.state != CheckState.RETURNED:
        return
    was = education.state
    _wait(education)
    _note("education.changed", education, by, was=was.value, has_file=education.evidence_id is not None)
    letters.to_look_at(education)


def withdraw_education(education: Education, *, by: Person) -> None:
    """It is gone, with its file; the trail keeps that it was there."""
    _hold(education)
    _note("education.withdrawn", education, by, was=education.state.value)
    letters.withdrawn(education)
    _drop_file(education)
    db.session.delete(education)
    db.session.flush()


def check_education(education: Education, seen: str, *, by: Person) -> None:
    """A coordinator has seen it with what shows it."""
    _settle(education, seen, by)
    education.state = CheckState.CHECKED
    education.reason = ""
    db.session.flush()
    _note("education.checked", education, by)
    letters.checked(education)


def return_education(education: Education, seen: str, reason: str, *, by: Person) -> None:
    """A coordinator asks for something; the reason is for the person alone."""
    _settle(education, seen, by)
    education.state = CheckState.RETURNED
    education.reason = reason
    db.session.flush()
    _note("education.returned", education, by)
    letters.returned(education)


def stand(education: Education) -> str:
    """What the page of whoever looks at it showed, so that nobody says "seen" to something else."""
    said = "\0".join(str(value) for value in (*_said(education), education.evidence_id))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _settle(education: Education, seen: str, by: Person) -> None:
    _hold(education)
    if education.person_id == by.id:
        raise OwnEducation
    if education.state != CheckState.PENDING:
        raise AlreadySettled
    if seen != stand(education):
        raise NotAsSeen
    education.checked_at, education.checked_by_id = clock.now(), by.id


def _hold(education: Education) -> None:
    """The row is the lock, and not the rows that are read beside it: whoever waited reads what it says now."""
    db.session.refresh(education, with_for_update={"of": Education})


def _wait(education: Education) -> None:
    education.state, education.reason = CheckState.PENDING, ""
    education.checked_at = education.checked_by_id = None
    db.session.flush()


def _said(education: Education) -> tuple[Any, ...]:
    return tuple(getattr(education, name) for name in COLUMNS)


def _drop_file(education: Education) -> None:
    """What was replaced or taken back is not kept."""
    gone = education.evidence_id
    education.evidence_id = None
    db.session.flush()
    if gone is not None:
        db.session.execute(sa.delete(Evidence).where(Evidence.id == gone))
    db.session.expire(education, ["evidence"])


def _note(action: str, education: Education, by: Person, **details: Any) -> None:
    """Without a word of what was written: the trail is read by more people than this is for."""
    audit.note(
        action,
        "education",
        education.id,
        by=by,
        person_id=education.person_id,
        **details,
    )
