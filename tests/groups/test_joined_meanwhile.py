"""The next term of a group is planned while somebody takes a vacancy of the old one."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Ledger
from catalog.courses.models import Offering
from catalog.courses.services import Row
from catalog.enrollment import queries
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.groups import services
from tests.coordinating.test_merge_race import overlapping
from tests.factories import Cast
from tests.groups.circles import inside, term


def test_who_joins_this_moment_is_asked_for_the_next_term(app: Flask, cast: Cast) -> None:
    with inside(app):
        group = term(cast.ivo, needs_approval=False)
        group_id, last = group.id, max(one.starts_wall for one in group.meetings)
        ana = db.session.get_one(Person, cast.ana.id)
        enrollment.enroll(ana, group, by=ana)

    def join() -> None:
        otto, found = db.session.get_one(Person, cast.otto.id), queries.offering_to_join(group_id)
        assert found
        enrollment.enroll(otto, found, by=otto, is_first=True)

    def plan() -> None:
        begins = last + timedelta(days=40)
        rows = [Row(0, None, begins, begins + timedelta(hours=2), ledger=Ledger.RSC)]
        answer_by = clock.now().date() + timedelta(days=20)
        ivo = db.session.get_one(Person, cast.ivo.id)
        services.plan_next(db.session.get_one(Offering, group_id), {}, rows, answer_by, by=ivo)

    assert overlapping(app, join, plan) == ["done", "done"]
    with inside(app):
        following = sa.select(Offering.id).where(Offering.follows_id == group_id).scalar_subquery()
        asked = sa.select(Enrollment.person_id).where(Enrollment.offering_id == following)
        assert set(db.session.scalars(asked)) == {cast.ana.id, cast.otto.id}
