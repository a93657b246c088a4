"""What sample people thought of sample sessions: of some everybody answered, of some fewer than trainers may see."""

from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.courses.models import Asking, Offering
from catalog.demo.cast import Cast
from catalog.enrollment.models import Enrollment
from catalog.evaluation import queries, services
from catalog.evaluation.services import Answers
from catalog.evaluation.wording import SCALES, objectives_of
from catalog.extensions import db

SHARES = (0.9, 0.35, 0.7, 0)
"""How many of those who were there answered, from session to session."""
POINTS = (5, 5, 5, 4, 4, 4, 3, 2)
HELPED = (
    "The practice in pairs (sample answer).",
    "That we had time to think before we talked (sample answer).",
    "The short films, and watching them twice (sample answer).",
    "Hearing how others do it (sample answer).",
)
CHANGE = (
    "A longer break in the afternoon (sample answer).",
    "More cases from home visiting (sample answer).",
    "The handout before the session and not after it (sample answer).",
)


def give_evaluations(cast: Cast, at: datetime) -> None:
    """Through the service, within two days of the last meeting. Ana has not answered where her certificate waits."""
    over = sa.select(Offering).where(Offering.ends_at < at - timedelta(days=2)).order_by(Offering.id)
    for offering in db.session.scalars(over).all():
        opened = queries.opens_at(offering)
        rng = Random(offering.id)  # noqa: S311 - the same sample every time, not a secret
        people = [one for one in _were_there(offering) if one is not cast.ana or not _is_required(offering)]
        with clock.at((opened or at) + timedelta(hours=rng.randint(2, 40))):
            for person in rng.sample(people, round(len(people) * SHARES[offering.id % len(SHARES)])):
                services.give(offering, _answers(offering, rng), by=person)


def _were_there(offering: Offering) -> list[Person]:
    found = sa.select(Enrollment).where(Enrollment.offering_id == offering.id, queries.WAS_THERE)
    people = [one.person for one in db.session.scalars(found.order_by(Enrollment.id))]
    return [person for person in people if queries.standing(offering, person).is_asked]


def _is_required(offering: Offering) -> bool:
    return offering.course.asking == Asking.BEFORE_CERTIFICATE


def _answers(offering: Offering, rng: Random) -> Answers:
    """Most people answer most questions, and few write a sentence."""
    objectives = objectives_of(offering.course.objectives)
    return Answers(
        {name: rng.choice(POINTS) for name in SCALES if rng.random() < 0.95},
        {words: rng.choice(POINTS) for words in objectives if rng.random() < 0.9},
        rng.choice(HELPED) if rng.random() < 0.5 else "",
        rng.choice(CHANGE) if rng.random() < 0.3 else "",
    )
