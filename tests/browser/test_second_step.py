"""A second step in a real browser: passkeys of a virtual authenticator, and the way through an organisation."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect

from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.factors.models import Passkey
from catalog.organisation.models import Identity
from catalog.web import HTMX_URL
from tests.browser.conftest import Windows
from tests.browser.steps import is_wider
from tests.factors.keys import PASSWORD, app_of, letters_to, shown, somebody
from tests.htmx_file import htmx_bytes
from tests.organisation.provider import CLIENT, SECRET, Provider
from tests.servers import running

pytestmark = pytest.mark.browser

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
ADDRESS = "nia@example.org"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def address(app: Flask, database_url: str, provider: Provider) -> Iterator[str]:
    """A server that is called localhost: browsers make no passkeys for an address of numbers."""
    settings = {
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "The University",
    }
    with running(database_url, 1, 8, is_localhost=True, **settings) as ports:
        yield f"http://localhost:{ports[0]}"


@pytest.fixture
def nia(app: Flask, _rows: None) -> int:
    with app.app_context():
        writing.set(True)
        person = somebody("Nia Sample", email=ADDRESS)
        db.session.commit()
        return person.id


@pytest.fixture
def page(address: str, windows: Windows) -> Page:
    return windows.open(address, None, "/sign-in")


def with_key(page: Page, **differently: Any) -> tuple[CDPSession, str]:
    """Plug an authenticator into the browser."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    made = talk.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | differently})
    return talk, str(made["authenticatorId"])


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_key(page: Page, name: str) -> None:
    page.goto("/account/second-step")
    page.get_by_label("Its name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def keys_of(app: Flask) -> list[tuple[str, int]]:
    with app.app_context():
        return [
            (key.name, key.sign_count) for key in db.session.scalars(sa.select(Passkey).order_by(Passkey.id))
        ]


@pytest.fixture
def with_passkey(page: Page, nia: int) -> tuple[CDPSession, str]:
    """Signed in, with one passkey."""
    made = with_key(page)
    sign_in(page)
    add_key(page, "My phone")
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return made


@pytest.mark.usefixtures("with_passkey")
def test_a_passkey_is_the_second_step(page: Page, app: Flask) -> None:
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/")
    page.wait_for_load_state("networkidle")
    page.goto("/account")
    expect(page.get_by_text(ADDRESS)).to_be_visible()
    ((name, count),) = keys_of(app)
    assert (name, count > 1) == ("My phone", True)


@pytest.mark.usefixtures("with_passkey")
def test_a_passkey_signs_in_without_the_password(page: Page) -> None:
    sign_out(page)
    page.goto("/sign-in?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_without_showing_who_holds_it_it_opens_nothing(
    page: Page, with_passkey: tuple[CDPSession, str]
) -> None:
    talk, number = with_passkey
    sign_out(page)
    talk.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")


def test_a_copy_that_counts_behind_is_refused_and_told(
    page: Page, with_passkey: tuple[CDPSession, str], app: Flask, nia: int
) -> None:
    with app.app_context():
        writing.set(True)
        db.session.execute(sa.update(Passkey).values(sign_count=1000))
        db.session.commit()
    sign_out(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That passkey is not known here")).to_be_visible()
    with app.app_context():
        assert letters_to(nia)[-1] == "Your sign-in: a passkey was refused"


@pytest.mark.usefixtures("with_passkey")
def test_an_answer_is_good_once(page: Page) -> None:
    """The same signed answer sent again, in the same browser, with a right token, opens nothing."""
    sign_out(page)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data or "") if asked.method == "POST" else None)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/")
    answer = next(body for body in sent if "credential=" in body)
    sign_out(page)
    page.goto("/sign-in")
    status = page.evaluate(
        """async ([body]) => {
          const fields = new URLSearchParams(body);
          fields.set("csrf_token", document.querySelector("[name=csrf_token]").value);
          await fetch("/sign-in/passkey/options", {method: "POST", body: fields});
          return (await fetch("/sign-in/passkey", {method: "POST", body: fields})).status;
        }""",
        [answer],
    )
    assert status == 422
    page.goto("/account")
    expect(page).to_have_url("**/sign-in?next=/account".replace("**", page.url.split("/sign-in")[0]))


def test_several_are_named_and_removed(page: Page, with_passkey: tuple[CDPSession, str], app: Flask) -> None:
    talk, first = with_passkey
    add_key(page, "My phone again")
    expect(page.get_by_text("This device is among your passkeys already.")).to_be_visible()
    talk.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": first})
    talk.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | {"transport": "usb"}})
    add_key(page, "The key in the drawer")
    expect(page.get_by_role("heading", name="The key in the drawer")).to_be_visible()
    page.get_by_text("Rename or remove: My phone").click()
    page.get_by_label("Name", exact=True).first.fill("My old phone")
    page.get_by_role("button", name="Save the name").first.click()
    expect(page.get_by_role("heading", name="My old phone")).to_be_visible()
    folded = page.locator("details", has_text="My old phone")
    folded.locator("summary").click()
    expect(folded).to_have_attribute("open", "")
    folded.get_by_role("button", name="Remove this passkey").click()
    expect(page.get_by_text("The passkey was removed.").first).to_be_visible()
    assert [name for name, _ in keys_of(app)] == ["The key in the drawer"]


def test_without_scripts_the_app_does_it_all(
    nia: int, app: Flask, address: str, windows: Windows, complaints_of: Callable[..., list[str]]
) -> None:
    with app.app_context():
        writing.set(True)
        secret = app_of(db.session.get_one(Person, nia))
        db.session.commit()
    page = windows.open(address, None, "/sign-in", scripts=False)
    sign_in(page)
    page.get_by_label("Your code").fill(shown(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/account/second-step")
    expect(page.get_by_text("Passkeys need scripts")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()


@pytest.mark.usefixtures("with_passkey")
def test_nothing_is_wrong_with_the_page_of_the_second_step(
    page: Page, complaints_of: Callable[..., list[str]]
) -> None:
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    assert complaints_of(page) == []
    assert not is_wider(page)


@pytest.mark.usefixtures("_rows")
def test_one_comes_in_through_the_organisation(page: Page, provider: Provider, app: Flask) -> None:
    provider.behave()
    provider.asks_first = True
    # The provider is another address, and htmx still comes from the CDN.
    page.context.unroute_all()
    page.context.route(
        HTMX_URL,
        lambda route: route.fulfill(
            body=htmx_bytes(),
            content_type="application/javascript",
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    page.goto("/sign-in?next=/account")
    page.get_by_role("link", name="Sign in through The University").click()
    page.get_by_role("button", name="Yes, it is me").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.get_by_text("nia@university.example")).to_be_visible()
    with app.app_context():
        assert db.session.scalars(sa.select(Identity.subject)).one() == "person-1"
