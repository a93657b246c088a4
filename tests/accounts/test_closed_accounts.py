"""An account that was joined with another one, or whose person has left: nothing that was open before opens it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts import claims, proofs, services
from catalog.accounts.models import AddressChange, Person
from catalog.accounts.queries import row_of
from catalog.accounts.services import Overtaken, addresses
from catalog.extensions import db
from tests.accounts.people import is_in, with_password
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture(params=["merged", "left"])
def close(request: pytest.FixtureRequest, app: Flask, cast: Cast) -> Callable[[], None]:
    """Said in the middle of a test: from now on Ana's account is closed."""

    def closing() -> None:
        with inside(app):
            ana = db.session.get_one(Person, cast.ana.id)
            if request.param == "merged":
                ana.merged_into_id = cast.otto.id
            else:
                ana.left_at = clock.now()

    return closing


def links_of(cast: Cast) -> dict[str, str]:
    """What was mailed to Ana before."""
    ana = db.session.get_one(Person, cast.ana.id)
    change = AddressChange(person=ana, old_email=ana.email, new_email="new@example.com", asked_at=clock.now())
    db.session.add(change)
    db.session.flush()
    return {
        "reset": proofs.reset_link(ana),
        "verify": proofs.verify_link(ana, "/"),
        "new address": proofs.NEW_ADDRESS.url_for(change.id),
        "not me": proofs.NOT_ME.url_for(change.id),
    }


def test_an_open_sign_in_opens_nothing(cast: Cast, login_as: LoginAs, close: Callable[[], None]) -> None:
    browser = login_as(cast.ana)
    assert is_in(browser)
    close()
    assert not is_in(browser)


def test_nor_does_one_that_waits_for_its_second_step(
    app: Flask, cast: Cast, close: Callable[[], None]
) -> None:
    with inside(app):
        token = services.begin_sign_in(db.session.get_one(Person, cast.ana.id), awaits_factor=True)
        assert row_of(token) is not None
    close()
    with inside(app):
        assert row_of(token) is None


def test_no_link_from_before_leads_anywhere(
    app: Flask, cast: Cast, client: FlaskClient, close: Callable[[], None]
) -> None:
    with_password(app, cast)
    with inside(app):
        links = {name: url.split("//", 1)[1].partition("/")[2] for name, url in links_of(cast).items()}
    assert {client.get(f"/{path}").status_code for path in links.values()} == {200}
    close()
    assert {name: client.get(f"/{path}").status_code for name, path in links.items()} == dict.fromkeys(
        links, 410
    )


def test_it_is_claimed_no_more(
    app: Flask, cast: Cast, client: FlaskClient, close: Callable[[], None]
) -> None:
    with inside(app):
        path = f"/claim/{claims.token_for(db.session.get_one(Person, cast.ana.id))}"
    assert client.get(path).status_code == 200
    close()
    assert client.get(path).status_code == 410


@pytest.mark.usefixtures("client")
def test_a_password_that_is_chosen_at_the_same_moment_is_not_kept(
    app: Flask, cast: Cast, close: Callable[[], None]
) -> None:
    """The link was good when it was looked at."""
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        db.session.commit()
        close()
        with pytest.raises(Overtaken):
            services.reset_password(ana, "a hash")
        db.session.rollback()
        assert db.session.get_one(Person, cast.ana.id).password_hash is None


def test_an_address_that_is_confirmed_at_the_same_moment_is_not_taken(app: Flask, cast: Cast) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        change = AddressChange(
            person=ana, old_email=ana.email, new_email="new@example.com", asked_at=clock.now()
        )
        db.session.add(change)
        ana.merged_into_id = cast.otto.id
        db.session.flush()
        with pytest.raises(services.UsedAlready):
            addresses.confirm_address(change)
