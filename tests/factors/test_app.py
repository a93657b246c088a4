"""The six digits of an app: what is accepted, when, and how often."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.queries import row_of
from catalog.accounts.services import begin_sign_in
from catalog.extensions import db
from catalog.factors import digits, queries, services
from catalog.factors.models import AuthenticatorApp
from catalog.factors.rules import LastRequired
from tests import factories as make
from tests.factors.keys import app_of, letters_to, shown, somebody, trail_of

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ana(context: None) -> Person:
    return somebody()


def test_the_code_of_now_is_accepted(ana: Person) -> None:
    assert services.apps.accept(ana, shown(app_of(ana)))


@pytest.mark.parametrize(("late", "accepted"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off_and_no_more(ana: Person, late: int, accepted: bool) -> None:
    assert services.apps.accept(ana, shown(app_of(ana), late)) is accepted


def test_a_code_is_accepted_once(ana: Person) -> None:
    code = shown(app_of(ana))
    assert [services.apps.accept(ana, code), services.apps.accept(ana, code)] == [True, False]


def test_no_code_from_before_the_last_one_is_accepted(ana: Person) -> None:
    secret = app_of(ana)
    assert services.apps.accept(ana, shown(secret, 1))
    assert not services.apps.accept(ana, shown(secret))


def test_the_code_that_sets_up_the_app_signs_nobody_in(ana: Person) -> None:
    sealed = services.apps.offer(ana)
    code = shown(services.apps.offered(ana, sealed))
    services.apps.add(ana, sealed, code)
    assert not services.apps.accept(ana, code)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "123456\n1", "00000é"])
def test_what_is_no_code_is_refused(ana: Person, typed: str) -> None:
    app_of(ana)
    assert not services.apps.accept(ana, typed)


def test_digits_may_be_typed_as_the_app_groups_them(ana: Person) -> None:
    code = shown(app_of(ana))
    assert services.apps.accept(ana, f"{code[:3]} {code[3:]}")


def test_the_code_of_another_person_is_refused(ana: Person) -> None:
    app_of(ana)
    assert not services.apps.accept(ana, shown(app_of(somebody("Otto Sample"))))


def test_the_secret_does_not_stand_in_the_database(ana: Person) -> None:
    secret = app_of(ana)
    assert secret not in db.session.scalars(sa.select(AuthenticatorApp.secret)).one()


def test_after_the_site_key_changed_no_code_is_accepted(
    ana: Person, app: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = app_of(ana)
    monkeypatch.setattr(app, "secret_key", "another key that is long enough to be one")
    assert not services.apps.accept(ana, shown(secret))


def test_wrong_digits_set_up_nothing(ana: Person) -> None:
    sealed = services.apps.offer(ana)
    with pytest.raises(services.apps.WrongDigits):
        services.apps.add(ana, sealed, shown(digits.new_secret()))
    assert ana.second_step_since is None


def test_a_secret_that_was_offered_to_another_is_refused(ana: Person) -> None:
    sealed = services.apps.offer(make.person("Otto Sample"))
    with pytest.raises(services.apps.OfferTooOld):
        services.apps.offered(ana, sealed)


def test_an_offer_is_good_for_an_hour(ana: Person) -> None:
    sealed = services.apps.offer(ana)
    with clock.at(clock.now() + timedelta(minutes=61)), pytest.raises(services.apps.OfferTooOld):
        services.apps.offered(ana, sealed)


def test_setting_up_is_told_and_written_down(ana: Person) -> None:
    app_of(ana)
    assert letters_to(ana.id) == ["Your sign-in: an app was set up"]
    assert trail_of(ana.id) == ["factor.app_added"]


def test_the_first_factor_ends_the_sign_ins_elsewhere(ana: Person) -> None:
    from_before = begin_sign_in(ana)
    app_of(ana)
    assert row_of(from_before) is None


def test_removing_the_only_one_ends_the_second_step_and_its_codes(ana: Person) -> None:
    app_of(ana)
    services.codes.keep(ana, services.codes.fresh())
    services.apps.remove(ana)
    assert ana.second_step_since is None
    assert trail_of(ana.id)[-1] == "factor.app_removed"
    assert not queries.unused_codes(ana)


@pytest.mark.usefixtures("required")
def test_the_last_one_that_is_required_stays() -> None:
    mira = somebody("Mira Sample", coordinates=True)
    app_of(mira)
    with pytest.raises(LastRequired):
        services.apps.remove(mira)
    assert mira.second_step_since is not None


def test_another_app_takes_the_place_of_the_one_before(ana: Person) -> None:
    before = app_of(ana)
    after = app_of(ana)
    assert not services.apps.accept(ana, shown(before))
    assert services.apps.accept(ana, shown(after))
