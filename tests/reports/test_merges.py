"""`flask catalog check` and accounts that were joined: what must never be is found."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from catalog import clock
from catalog.accounts.models import Person, SignIn
from catalog.endorsement.models import Goal
from catalog.enrollment import services as enrollment
from catalog.extensions import Base, db
from catalog.following.models import Interest
from catalog.records.models import CheckState, Education
from catalog.reports.checking import invariants, merges
from tests import factories as make
from tests.coordinating.accounts import broken, joined, two
from tests.records.entries import written_down

pytestmark = pytest.mark.usefixtures("context")


def test_what_the_services_make_breaks_nothing() -> None:
    kept, gone, mira = two()
    enrollment.enroll(gone, make.offering(), by=gone)
    joined(kept, gone, mira)
    joined(make.person("Ana Sample"), kept, mira)
    assert broken() == set()
    assert set(merges.ALL) <= set(invariants.ALL)


def a_place(person: Person) -> Base:
    # It came after somebody had looked whether the account is gone.
    merged_into_id, person.merged_into_id = person.merged_into_id, None
    db.session.flush()
    made = enrollment.enroll(person, make.offering(), by=person)
    person.merged_into_id = merged_into_id
    return made


def a_goal(person: Person) -> Base:
    return Goal(person_id=person.id, category_id=make.category().id, added_at=clock.now(), ticks={})


def an_interest(person: Person) -> Base:
    return Interest(person_id=person.id, course_id=make.course().id, since=clock.now())


def a_sign_in(person: Person) -> Base:
    now = clock.now()
    return SignIn(
        person_id=person.id,
        token_hash="0" * 64,
        began_at=now,
        last_seen_at=now,
        ends_at=now + timedelta(days=1),
    )


def an_entry(person: Person) -> Base:
    # As above.
    merged_into_id, person.merged_into_id = person.merged_into_id, None
    db.session.flush()
    made = written_down(person, None)
    person.merged_into_id = merged_into_id
    return made


def an_education(person: Person) -> Base:
    said = {"programme": "Infant studies", "institution": "A university", "state": CheckState.PENDING}
    return Education(person_id=person.id, credit_hours="3", reason="", added_at=clock.now(), **said)


@pytest.mark.parametrize("thing", [a_place, a_goal, an_interest, a_sign_in, an_entry, an_education])
def test_something_live_of_an_account_that_is_gone_is_found(thing: Callable[[Person], Base]) -> None:
    kept, gone, mira = two()
    joined(kept, gone, mira)
    db.session.add(thing(gone))
    assert broken() == {"joined and live"}


def test_an_account_that_leads_to_one_that_is_gone_is_found() -> None:
    kept, gone, mira = two()
    joined(kept, gone, mira)
    other = make.person("Ana Sample")
    joined(gone if gone.merged_into_id is None else make.person("Ana Sample"), other, mira)
    other.merged_into_id = gone.id
    assert broken() == {"joined astray"}


def test_an_account_that_is_gone_without_a_merge_is_found() -> None:
    make.person("Ana Sample", merged_into_id=make.person("Ana Sample").id)
    assert broken() == {"joined unwritten"}
