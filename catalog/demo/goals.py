"""What sample people work toward and hold."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Category
from catalog.demo.cast import Cast
from catalog.endorsement import services
from catalog.extensions import db


def aim(cast: Cast, at: datetime) -> None:
    """Ana is on her way, Ivo holds a category and works toward another, Tess is a Mentor who renews this year."""
    _goal(cast.ana, "IFS", at, days=120)
    _goal(cast.ana, "ECFS", at, days=60)
    _goal(cast.ivo, "IMHM-C", at, days=90)
    _goal(cast.otto, "IFA", at, days=10)
    for number, learner in enumerate(cast.learners[:24]):
        _goal(learner, ("IFS", "IFA", "ECFS", "IMHS", "ECFA")[number % 5], at, days=30 + number)
    year = at.year
    _hold(cast.ivo, "IFS", date(year - 3, 5, 14), at, provides_rsc=True)
    _hold(cast.tess, "IMHM-C", date(year - 4, 9, 2), at, provides_rsc=True)
    _hold(cast.hugo, "ECFS", date(year - 1, 3, 20), at, provides_rsc=False)


def _category(code: str) -> Category:
    return db.session.scalars(sa.select(Category).where(Category.code == code)).one()


def _goal(person: Person, code: str, at: datetime, *, days: int) -> None:
    with clock.at(at - timedelta(days=days)):
        services.add_goal(person, _category(code), by=person)


def _hold(person: Person, code: str, since: date, at: datetime, *, provides_rsc: bool) -> None:
    with clock.at(at - timedelta(days=40)):
        services.hold(person, _category(code), since, None, provides_rsc=provides_rsc, by=person)
