"""A site whose people may come through The University, whose provider runs beside it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog import create_app
from catalog.config import Organisation, Settings
from catalog.extensions import db
from catalog.organisation import provider as ours
from tests.organisation.provider import CLIENT, SECRET, Provider

Through = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.behave()
    ours.forget()
    return running


@pytest.fixture(scope="module")
def _site(app: Flask, settings: Settings, running: Provider) -> Iterator[Flask]:
    organisation = Organisation(running.issuer, CLIENT, SECRET, "The University")
    site = create_app(
        replace(settings, site_url="http://localhost", organisation=organisation),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
    )
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture
def site(_site: Flask, provider: Provider, _rows: None) -> Iterator[Flask]:
    kept = dict(_site.config)
    yield _site
    _site.config.clear()
    _site.config.update(kept)
    with _site.app_context():
        db.session.remove()


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def through(browser: FlaskClient, provider: Provider) -> Through:
    """`through()` signs in at the provider and gives what one comes back to."""

    def through(client: FlaskClient = browser, then: str = "/learning") -> TestResponse:
        going = client.get(f"/sign-in/organisation?next={then}")
        assert going.status_code == 302, going.text
        return client.get(provider.visit(going.location))

    return through
