"""Writes: one answer, and the mail that asks for it.

Nothing of an answer goes into the audit trail: an entry would say who answered when, and the order of the entries
would be the order of the answers."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Asking, Offering
from catalog.enrollment import seats
from catalog.evaluation import letters, queries
from catalog.evaluation.models import Evaluation, EvaluationGiven
from catalog.evaluation.queries import Standing
from catalog.evaluation.refusals import AlreadyGiven, NotToGive
from catalog.extensions import db
from catalog.notices import services as notices

TOGETHER = 5
"""Trainers see answers from five on, and new ones when there are five of them again. Whoever looks at five answers
and then at six can subtract, and would know the sixth. Up to four that come last are seen by coordinators only."""

ASKED_FOR = timedelta(days=60)
"""How long after its last meeting people are written to about a session; attendance may be written down late."""
REMIND_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Answers:
    scales: dict[str, int] = field(default_factory=dict)
    objectives: dict[str, int] = field(default_factory=dict)
    helped: str = ""
    change: str = ""


def give(offering: Offering, answers: Answers, *, by: Person) -> None:
    """Keep what somebody answered, and apart from it that they did. Raises AlreadyGiven or NotToGive."""
    # One at a time: of two that come at once the second sees the first, and five together are counted once.
    seats.lock(offering)
    standing = queries.standing(offering, by)
    refuse_to_take(standing)
    try:
        with db.session.begin_nested():
            db.session.add(
                EvaluationGiven(enrollment_id=standing.enrollment_id, given_on=clock.today(offering.zone))
            )
    except IntegrityError as error:
        raise AlreadyGiven from error
    _keep(offering, answers)
    _show_five(offering)
    if standing.is_required:
        notices.queue("issue_certificates", {"offering_id": offering.id})


def refuse_to_take(standing: Standing) -> None:
    """Raise the refusal that stands in the way of an answer, if there is one."""
    if standing.has_given:
        raise AlreadyGiven
    if not standing.is_open:
        raise NotToGive


def _keep(offering: Offering, answers: Answers) -> None:
    made = Evaluation(
        key=secrets.token_hex(16),
        offering_id=offering.id,
        scales=answers.scales,
        objectives=answers.objectives,
        helped=answers.helped,
        change=answers.change,
    )
    db.session.add(made)
    try:
        db.session.flush()
    except StatementError as error:
        # The log would say what was answered, beside the time.
        error.hide_parameters = True
        raise


def _show_five(offering: Offering) -> None:
    waiting = (Evaluation.offering_id == offering.id, ~Evaluation.is_shown)
    count = sa.select(sa.func.count()).select_from(Evaluation).where(*waiting)
    if (db.session.scalar(count) or 0) >= TOGETHER:
        db.session.execute(sa.update(Evaluation).where(*waiting).values(is_shown=True))


def ask() -> None:
    """Write to everybody who was there once the last meeting is over, and a second time after a week where the
    certificate waits for it. To be called every hour: nobody gets the same mail twice."""
    now = clock.now()
    for enrollment, asked_at in queries.unanswered(now - ASKED_FOR, now):
        if asked_at is None:
            letters.please_tell(enrollment)
        elif _is_required(enrollment.offering) and asked_at <= now - REMIND_AFTER:
            letters.reminder(enrollment)


def _is_required(offering: Offering) -> bool:
    return offering.course.asking == Asking.BEFORE_CERTIFICATE
