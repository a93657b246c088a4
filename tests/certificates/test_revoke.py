"""Taking a certificate out of force: coordinators, with a reason that everybody reads."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.certificates.models import Certificate
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests.attendance.sheets import inside
from tests.certificates.papers import closed, issued
from tests.factories import Cast

Login = Callable[[Person], FlaskClient]
REASON = "It was issued to the wrong Ana"


@pytest.fixture
def certificate(app: Flask, cast: Cast) -> Certificate:
    with inside(app):
        return issued(closed())


def again(app: Flask, certificate: Certificate) -> Certificate:
    with inside(app):
        return db.session.get_one(Certificate, certificate.id)


def test_a_coordinator_revokes_with_a_reason(
    app: Flask, login_as: Login, cast: Cast, certificate: Certificate
) -> None:
    browser, url = login_as(cast.mira), f"/c/{certificate.number}/revoke"
    assert "Revoke it" in browser.get(url).text
    assert browser.post(url, data={"reason": REASON}).location == f"/c/{certificate.number}"
    revoked = again(app, certificate)
    assert (revoked.revoked_by_id, revoked.reason, revoked.is_in_force) == (cast.mira.id, REASON, False)


def test_it_is_written_down_and_the_person_is_told(
    app: Flask, login_as: Login, cast: Cast, certificate: Certificate
) -> None:
    login_as(cast.mira).post(f"/c/{certificate.number}/revoke", data={"reason": REASON})
    with inside(app):
        noted = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "certificate.revoked")
        ).one()
        mails = db.session.scalars(sa.select(Job).where(Job.kind == "mail")).all()
    assert (noted.by_id, noted.reason, noted.person_id) == (cast.mira.id, REASON, certificate.person_id)
    assert any(REASON in job.payload["text"] for job in mails)


def test_without_a_sign_in_one_is_asked_for_it(client: FlaskClient, certificate: Certificate) -> None:
    assert client.post(f"/c/{certificate.number}/revoke").location.startswith("/sign-in")


@pytest.mark.parametrize("name", ["ana", "ivo", "otto"])
def test_nobody_else_may(login_as: Login, cast: Cast, certificate: Certificate, name: str) -> None:
    browser, url = login_as(getattr(cast, name)), f"/c/{certificate.number}/revoke"
    assert (browser.get(url).status_code, browser.post(url).status_code) == (403, 403)


def test_a_number_that_is_not_there_is_not_found(login_as: Login, cast: Cast) -> None:
    assert login_as(cast.mira).post("/c/0000-0000-0000/revoke", data={"reason": REASON}).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_needed_and_stays_short(
    app: Flask, login_as: Login, cast: Cast, certificate: Certificate, reason: str
) -> None:
    answer = login_as(cast.mira).post(f"/c/{certificate.number}/revoke", data={"reason": reason})
    assert answer.status_code == 422
    assert again(app, certificate).is_in_force


def test_what_is_revoked_already_stays_as_it_was(
    app: Flask, login_as: Login, cast: Cast, certificate: Certificate
) -> None:
    browser, url = login_as(cast.mira), f"/c/{certificate.number}/revoke"
    browser.post(url, data={"reason": REASON})
    assert browser.post(url, data={"reason": "Another reason"}).status_code == 409
    assert again(app, certificate).reason == REASON
