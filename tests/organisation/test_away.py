"""The provider does not answer, and the rest of the site does not mind."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.extensions import db, writing
from catalog.organisation import provider as ours
from tests.factors.keys import PASSWORD, somebody
from tests.organisation.provider import Provider
from tests.servers import free_port


@pytest.fixture
def away(site: Flask) -> None:
    settings = site.config["CATALOG"]
    organisation = replace(settings.organisation, issuer=f"http://127.0.0.1:{free_port()}")
    site.config["CATALOG"] = replace(settings, organisation=organisation)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that takes a question, says nothing for twelve seconds, and hangs up."""
    monkeypatch.setattr(ours, "TIMEOUT", (0.2, 0.2))
    server = socket.create_server(("127.0.0.1", 0))
    hang_up = threading.Timer(12, server.close)
    hang_up.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    hang_up.cancel()
    server.close()


@pytest.mark.usefixtures("away")
def test_a_readable_page_says_so(browser: FlaskClient) -> None:
    answer = browser.get("/sign-in/organisation")
    assert answer.status_code == 503
    assert "sign in with your password" in answer.text


@pytest.mark.usefixtures("away")
def test_a_password_opens_the_account_all_the_same(browser: FlaskClient, site: Flask) -> None:
    with site.app_context():
        writing.set(True)
        email = somebody().email
        db.session.commit()
    assert browser.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
    assert browser.get("/account").status_code == 200


def test_a_provider_that_breaks_off_half_way_is_a_page_as_well(
    browser: FlaskClient, provider: Provider
) -> None:
    back = provider.visit(browser.get("/sign-in/organisation").location)
    provider.metadata = {"token_endpoint": f"http://127.0.0.1:{free_port()}/token"}
    ours.forget()
    assert browser.get(back).status_code == 503


def test_nobody_waits_for_one_that_does_not_say_where_its_parts_are(
    browser: FlaskClient, site: Flask, silent: str
) -> None:
    settings = site.config["CATALOG"]
    site.config["CATALOG"] = replace(settings, organisation=replace(settings.organisation, issuer=silent))
    began = time.monotonic()
    assert browser.get("/sign-in/organisation").status_code == 503
    assert time.monotonic() - began < 10


def test_nobody_waits_for_one_that_takes_a_code_and_says_nothing(
    browser: FlaskClient, provider: Provider, silent: str
) -> None:
    back = provider.visit(browser.get("/sign-in/organisation").location)
    provider.metadata = {"token_endpoint": f"{silent}/token"}
    ours.forget()
    began = time.monotonic()
    assert browser.get(back).status_code == 503
    assert time.monotonic() - began < 10
