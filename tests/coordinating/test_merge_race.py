"""A merge and whatever else happens at the same moment, each in a transaction of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from flask import Flask

from catalog.accounts.models import Person
from catalog.accounts.services import AccountJoined
from catalog.coordinating import services
from catalog.coordinating.queries import merging as queries
from catalog.coordinating.refusals import Merged, NotAsShown
from catalog.courses.models import Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.records.services import people
from tests import factories as make
from tests.attendance.sheets import inside
from tests.coordinating.accounts import broken, count, two

Act = Callable[[], object]
LONG_ENOUGH = 0.5


@pytest.fixture
def ids(app: Flask, _rows: None) -> tuple[int, int, int, int]:
    """The account that is kept, the one that is gone, who joins them, and a session."""
    with inside(app):
        kept, gone, mira = two()
        return kept.id, gone.id, mira.id, make.offering().id


def overlapping(app: Flask, first: Act, second: Act) -> list[str]:
    """The second begins when the first has written and not committed yet. What came of each: "done" or a refusal."""
    has_written = Event()

    def one() -> str:
        def stay() -> None:
            has_written.set()
            sleep(LONG_ENOUGH)

        return tried(app, first, stay)

    def other() -> str:
        has_written.wait(timeout=30)
        return tried(app, second, lambda: None)

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(one), pool.submit(other)]]


def tried(app: Flask, act: Act, then: Act) -> str:
    try:
        with inside(app):
            act()
            db.session.flush()
            then()
    except (AccountJoined, Merged, NotAsShown) as refusal:
        return type(refusal).__name__
    return "done"


def merging(kept_id: int, gone_id: int, mira_id: int, seen: str = "") -> Act:
    """`seen` is what the page showed before; else it is looked at now."""

    def merge() -> None:
        kept, gone, mira = (db.session.get_one(Person, one) for one in (kept_id, gone_id, mira_id))
        stand = seen or queries.preview(kept, gone, mira).stand
        services.merge(kept_id, gone_id, stand, by=mira)

    return merge


def enrolling(person_id: int, offering_id: int) -> Act:
    def enroll() -> None:
        person = db.session.get_one(Person, person_id)
        enrollment.enroll(person, db.session.get_one(Offering, offering_id), by=person)

    return enroll


def left_behind(app: Flask, kept_id: int, gone_id: int) -> bool:
    """Whether the account is gone and something is still its own."""
    with inside(app):
        assert broken() == set()
        is_gone = db.session.get_one(Person, gone_id).merged_into_id == kept_id
        return is_gone and count(Enrollment, person_id=gone_id) > 0


def test_who_joins_a_session_while_their_accounts_are_joined_is_not_left_behind(
    app: Flask, ids: tuple[int, int, int, int]
) -> None:
    kept_id, gone_id, mira_id, offering_id = ids
    came = overlapping(app, enrolling(gone_id, offering_id), merging(kept_id, gone_id, mira_id))
    assert came in (["done", "done"], ["done", "NotAsShown"])
    assert not left_behind(app, kept_id, gone_id)


def test_who_joins_a_session_just_after_is_told_to_use_the_other_account(
    app: Flask, ids: tuple[int, int, int, int]
) -> None:
    kept_id, gone_id, mira_id, offering_id = ids
    came = overlapping(app, merging(kept_id, gone_id, mira_id), enrolling(gone_id, offering_id))
    assert came == ["done", "AccountJoined"]
    assert not left_behind(app, kept_id, gone_id)


def test_of_two_who_join_the_same_accounts_the_other_way_round_one_is_refused(
    app: Flask, ids: tuple[int, int, int, int]
) -> None:
    one_id, other_id, mira_id, _ = ids
    with inside(app):
        one, other, mira = (db.session.get_one(Person, each) for each in (one_id, other_id, mira_id))
        seen = queries.preview(other, one, mira).stand
    came = overlapping(app, merging(one_id, other_id, mira_id), merging(other_id, one_id, mira_id, seen))
    assert came == ["done", "Merged"]
    with inside(app):
        people = [db.session.get_one(Person, one) for one in (one_id, other_id)]
        assert [one.merged_into_id for one in people] == [None, one_id]


def test_three_accounts_joined_at_once_end_in_one(app: Flask, ids: tuple[int, int, int, int]) -> None:
    middle_id, last_id, mira_id, _ = ids
    with inside(app):
        first_id = make.person("Ana Sample").id
    came = overlapping(app, merging(middle_id, last_id, mira_id), merging(first_id, middle_id, mira_id))
    assert came in (["done", "done"], ["done", "NotAsShown"])
    with inside(app):
        ends = {db.session.get_one(Person, one).merged_into_id for one in (middle_id, last_id)}
    assert ends in ({first_id}, {None, middle_id})


def test_a_licence_that_is_written_down_meanwhile_is_not_lost(
    app: Flask, ids: tuple[int, int, int, int]
) -> None:
    kept_id, gone_id, mira_id, _ = ids

    def write() -> None:
        mira = db.session.get_one(Person, mira_id)
        people.set_licence(db.session.get_one(Person, gone_id), "A 12345", by=mira)

    overlapping(app, write, merging(kept_id, gone_id, mira_id))
    with inside(app):
        kept, gone = db.session.get_one(Person, kept_id), db.session.get_one(Person, gone_id)
        assert kept.licence == "A 12345" or gone.merged_into_id is None
