"""What the bench fills a database with is a catalog as the catalog itself would have made it."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bench.build import MANY, Built, build
from bench.sample import KEYS_OF
from catalog.accounts.models import AccountKey
from catalog.courses import search
from catalog.courses.models import Offering, Seat
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.reports.checking import invariants
from tests import factories as make

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


def keys() -> set[Any]:
    columns = sa.select(AccountKey.kind, AccountKey.key, AccountKey.person_id)
    return set(db.session.execute(columns).tuples())


@pytest.mark.usefixtures("context")
def test_people_who_are_made_in_the_database_are_found_by_what_they_would_be() -> None:
    known = make.person("Ana Sample", county="01101").id
    for number, county in ((7, "01101"), (41, "01003"), (900_000, None)):
        make.person(f"Sample Person {number}", email=f"person{number}@example.org", county=county)
    made = keys()
    db.session.execute(sa.delete(AccountKey).where(AccountKey.person_id > known))
    db.session.execute(sa.text(KEYS_OF.format("known")), {"known": known})
    assert keys() == made
