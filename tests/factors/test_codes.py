"""Recovery codes: ten, each good once."""

import pytest
import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.factors import services
from catalog.factors.models import RecoveryCode
from tests.factors.keys import app_of, codes_of, letters_to, somebody, trail_of

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ana(context: None) -> Person:
    ana = somebody()
    app_of(ana)
    return ana


def use(person: Person, typed: str) -> bool:
    number = services.codes.matching(person, typed)
    return number is not None and services.codes.use(person, number)


def test_there_are_ten_and_all_differ(ana: Person) -> None:
    assert len(set(codes_of(ana))) == 10


def test_each_works_once(ana: Person) -> None:
    for code in codes_of(ana):
        assert use(ana, code)
        assert not use(ana, code)


def test_of_two_who_send_the_same_one_the_second_is_refused(ana: Person) -> None:
    number = services.codes.matching(ana, codes_of(ana)[0])
    assert number is not None
    assert [services.codes.use(ana, number), services.codes.use(ana, number)] == [True, False]


def test_it_may_be_typed_without_the_dashes_and_in_capitals(ana: Person) -> None:
    assert use(ana, codes_of(ana)[0].replace("-", " ").upper())


def test_none_of_them_is_stored_as_it_is_typed(ana: Person) -> None:
    codes = codes_of(ana)
    stored = "".join(db.session.scalars(sa.select(RecoveryCode.hash)))
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_those_of_another_person_open_nothing(ana: Person) -> None:
    theirs = codes_of(somebody("Otto Sample"))
    assert not use(ana, theirs[0])


def test_another_persons_number_is_not_used_up(ana: Person) -> None:
    otto = somebody("Otto Sample")
    number = services.codes.matching(otto, codes_of(otto)[0])
    assert number is not None
    assert not services.codes.use(ana, number)


def test_those_that_come_with_a_factor_take_no_place_of_any(ana: Person) -> None:
    """Two factors that are added at once bring codes twice; those that were shown first stay."""
    before, fresh = codes_of(ana)[0], services.codes.fresh()
    assert not services.codes.keep(ana, fresh, anew=False)
    assert [use(ana, before), use(ana, fresh[0].shown)] == [True, False]


def test_new_ones_take_the_place_of_the_old(ana: Person) -> None:
    before = codes_of(ana)[0]
    after = codes_of(ana)[0]
    assert [use(ana, before), use(ana, after)] == [False, True]


def test_a_letter_tells_when_one_is_used(ana: Person) -> None:
    use(ana, codes_of(ana)[0])
    assert letters_to(ana.id)[-1] == "Your sign-in: a recovery code was used"
    assert trail_of(ana.id)[-1] == "factor.code_used"


def test_only_ones_own_that_are_unused_are_looked_at(ana: Person) -> None:
    first, *_ = codes_of(ana)
    otto = somebody("Otto Sample")
    app_of(otto)
    theirs = codes_of(otto)
    assert use(ana, first)
    assert [services.codes.matching(ana, typed) for typed in (first, theirs[0])] == [None, None]
