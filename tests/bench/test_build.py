"""What the bench fills a database with is a catalog as the catalog itself would have made it."""

import pytest
import sqlalchemy as sa
from flask import Flask

from bench.build import MANY, Built, build
from catalog.courses import search
from catalog.courses.models import Offering, Seat
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.reports.checking import invariants

BUILT = Built(size=70, pairs=200)


@pytest.fixture
def _built(app: Flask, _rows: None) -> None:
    build(app, BUILT)


@pytest.mark.usefixtures("_built", "context")
class TestBuilt:
    def test_no_invariant_is_broken(self) -> None:
        broken = {name: db.session.execute(rows).all() for name, _, rows in invariants.ALL}
        assert not any(broken.values()), broken

    def test_there_are_seats_taken_and_people_waiting(self) -> None:
        states = set(db.session.scalars(sa.select(Enrollment.state).distinct()))
        assert states == {State.SEATED, State.WAITING}

    def test_there_is_a_seat_for_every_enrollment_to_come(self) -> None:
        for offerings in ([BUILT.hot], BUILT.spread):
            free = sa.select(sa.func.count()).where(Seat.offering_id.in_(offerings), Seat.is_taken.is_(False))
            assert db.session.scalar(free) == BUILT.pairs

    def test_one_course_has_one_offering_and_one_has_fifty(self) -> None:
        counts = sa.select(Offering.course_id, sa.func.count()).group_by(Offering.course_id)
        found = dict(db.session.execute(counts).tuples().all())
        assert (found[1], found[2]) == (1, MANY)

    def test_its_courses_are_found_by_words(self) -> None:
        assert db.session.execute(search.matching("families")).all()  # type: ignore[arg-type]
