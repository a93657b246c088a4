"""Mail that was given up or found no address is sent again; what was sent long ago is forgotten."""

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningUpdate

from catalog import clock
from catalog.accounts.models import Person
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing, writing
from catalog.notices import audit
from catalog.notices.models import Job, JobState
from catalog.notices.outcomes import NO_ADDRESS
from catalog.notices.queries.outgoing import KEPT, found_again

AT_ONCE = 500


class NotGivenUp(RuleBroken):
    sentence = "This letter is not waiting to be sent again: it was sent, or is on its way."


def send_again(job_id: int, *, by: Person) -> None:
    """As if it were new, with the same Message-ID. Raises NotGivenUp for any but one that was not sent."""
    person_id = db.session.scalar(_to_send_again(Job.id == job_id))
    if person_id is None:
        raise NotGivenUp
    audit.note("mail.sent_again", "person", person_id, by=by, person_id=person_id or None)


def send_all_again(*, by: Person) -> int:
    """All that was given up, and what found no address while its person has one again; how many there were."""
    which = sa.or_(Job.state == JobState.DEAD, found_again(clock.now()))
    rows = db.session.scalars(_to_send_again(which)).all()
    if rows:
        audit.note("mail.all_sent_again", "mail", 0, by=by, letters=len(rows))
    return len(rows)


def _to_send_again(which: sa.ColumnElement[bool]) -> ReturningUpdate[tuple[int]]:
    found_none = sa.and_(Job.outcome == NO_ADDRESS, Job.done_at > clock.now() - KEPT)
    not_sent = sa.or_(Job.state == JobState.DEAD, found_none)
    return (
        sa.update(Job)
        .where(which, Job.kind == "mail", not_sent)
        .values(
            state=JobState.READY,
            attempts=0,
            run_at=clock.now(),
            done_at=None,
            outcome=None,
            error=None,
            leased_until=None,
        )
        .execution_options(synchronize_session=False)
        .returning(sa.func.coalesce(Job.person_id, 0))
    )


def forget() -> None:
    """Empty the letters that were done long ago: what they said, and what it was made of."""
    writing.set(False)
    long_ago = clock.now() - KEPT
    rows = db.session.execute(
        sa.select(Job.id, Job.payload)
        .where(
            Job.kind == "mail",
            Job.state == JobState.DONE,
            Job.done_at < long_ago,
            Job.payload["text"].as_string() != "",
        )
        .limit(AT_ONCE)
    ).all()
    # Many are looked through, and nobody waits for the lock meanwhile.
    start_writing()
    for job_id, payload in rows:
        emptied = {**payload, "text": "", "values": {}}
        db.session.execute(sa.update(Job).where(Job.id == job_id).values(payload=emptied))
