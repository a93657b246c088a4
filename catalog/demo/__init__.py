"""The demo: the real listings, with sample people and sample dates around today. It stands above every feature."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies import queries as competencies_queries
from catalog.competencies import services as competencies
from catalog.courses.importing import import_courses
from catalog.demo.cast import PASSWORD, make_cast
from catalog.demo.courses import write_courses
from catalog.demo.desks import furnish
from catalog.demo.evaluations import give_evaluations
from catalog.demo.goals import aim
from catalog.demo.hours import bring_hours
from catalog.demo.papers import issue_certificates
from catalog.demo.programme import CENTRAL, plan
from catalog.demo.records import bring_along
from catalog.demo.scenes import apart, overdue
from catalog.demo.story import Story
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.notices.models import Job, JobState
from catalog.reports import services as reports
from catalog.wording import local

__all__ = ["PASSWORD", "SIGN_INS", "load"]

SEED = 5
SIGN_INS = (
    ("ana@example.org", "learns"),
    ("ivo@example.org", "teaches"),
    ("mira@example.org", "coordinates"),
    ("ada@example.org", "administers"),
)
"""Whom one may look around as; the password of all of them is PASSWORD."""


class NotADemo(RuleBroken):
    sentence = "Sample people and dates are loaded only in demo mode; set DEMO=1 for that."


class NotEmpty(RuleBroken):
    sentence = "There are people in this catalog already, so the demo was not loaded over them."


def load(at: datetime) -> list[str]:
    """Fill an empty catalog as it would stand at that instant, the same for the same instant.

    Everything goes through the services that pages use. Raises NotADemo or NotEmpty. Gives lines for whoever
    started it, the sign-ins among them. Whoever calls commits, so it is there whole or not at all."""
    if not current_app.config["CATALOG"].demo:
        raise NotADemo
    if db.session.scalar(sa.select(sa.exists().where(Person.id.is_not(None)))):
        raise NotEmpty
    rng = Random(SEED)  # noqa: S311 - the same sample every time, not a secret
    data = Path(current_app.root_path) / "data"
    cast = make_cast(at, rng)
    with clock.at(at - timedelta(days=300)):
        if competencies_queries.edition_in_force() is None:
            competencies.load_framework(data / "framework.json", by=cast.ada)
        import_courses(data / "trainings.csv", by=cast.mira)
    write_courses(cast, at)
    story = Story(cast, at, rng)
    sessions = overdue(apart(plan(at, rng)), local(at, CENTRAL).date())
    for session in sessions:
        story.add(session)
    story.remind()
    story.tell()
    give_evaluations(cast, at)
    issue_certificates(cast, at)
    bring_along(cast, at)
    aim(cast, at)
    bring_hours(cast, at)
    furnish(cast, at)
    reports.count()
    _let_letters_rest(at)
    return [
        f"The demo has {len(sessions)} sample sessions and {len(cast.learners) + len(cast) - 1} sample people.",
        *(f"{email} {does}; the password is “{PASSWORD}”." for email, does in SIGN_INS),
    ]


def _let_letters_rest(at: datetime) -> None:
    """Nobody is written to about what happened before the demo began."""
    db.session.flush()
    db.session.execute(sa.update(Job).where(Job.run_at <= at).values(state=JobState.DONE, done_at=at))
