"""Certificates in a real browser: checking one on a phone, and watching those of a session being made."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from catalog.accounts.models import Person
from catalog.certificates import services
from catalog.certificates.models import Certificate
from catalog.config import Settings
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.browser.conftest import DESK, Open
from tests.browser.steps import is_wider
from tests.certificates.papers import closed, correct, issued, worker_of
from tests.factories import Cast

pytestmark = pytest.mark.browser
Complaints = Callable[..., list[str]]


@pytest.fixture
def certificate(app: Flask, cast: Cast) -> Certificate:
    with inside(app):
        course = make.course("Watching together", topics=("TF.attachment",), credit_percent=10)
        return issued(closed(of=course, by=db.session.get_one(Person, cast.ivo.id)))


@pytest.mark.parametrize("dark", [False, True])
def test_a_stranger_checks_a_number_on_a_phone(
    open_as: Open, certificate: Certificate, complaints_of: Complaints, dark: bool
) -> None:
    page = open_as(None, "/certificates", dark=dark)
    page.get_by_label("Number").fill(certificate.number.lower().replace("-", " "))
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", name="Valid")).to_be_visible()
    expect(page.get_by_text("3 h (180 minutes)", exact=True)).to_be_visible()
    assert not is_wider(page)
    assert complaints_of(page) == []


def test_a_number_that_is_not_there_is_said_and_the_form_stays(open_as: Open) -> None:
    # Chromium logs that the answer was 404, which is what it is meant to be; so the console is not listened to.
    page = open_as(None, "/certificates", scripts=False, cdn=False)
    page.get_by_label("Number").fill("0000 0000")
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_text("There is no certificate with this number.")).to_be_visible()
    expect(page.get_by_label("Number")).to_have_value("0000 0000")


def test_the_old_link_leads_to_the_new_certificate(
    app: Flask, open_as: Open, certificate: Certificate, complaints_of: Complaints
) -> None:
    with inside(app):
        offering = db.session.get_one(Certificate, certificate.id).offering
        assert offering
        correct(offering, 60)
        offering.course.credit_percent = 10
        number = services.issue_for_offering(offering.id)
    page = open_as(None, f"/c/{certificate.number}", scripts=False)
    expect(page.get_by_role("heading", name="Superseded on")).to_be_visible()
    page.get_by_role("link", name="To the certificate that is valid").click()
    expect(page.get_by_role("heading", name="Valid")).to_be_visible()
    assert len(number) == 1
    assert page.url.endswith(number[0].number)


def test_the_pages_of_a_session_are_seen_being_made(
    app: Flask,
    settings: Settings,
    open_as: Open,
    cast: Cast,
    certificate: Certificate,
    complaints_of: Complaints,
) -> None:
    page = open_as(cast.ivo, f"/offerings/{certificate.offering_id}/certificates", size=DESK)
    expect(page.get_by_text("0 of 1 made")).to_be_visible()
    assert complaints_of(page) == []
    with app.app_context():
        worker_of(app, settings)()
    expect(page.get_by_text("1 of 1 made")).to_be_visible()
    expect(page.get_by_role("link", name="All as a ZIP")).to_be_visible()
    page.get_by_role("button", name="Put all into one PDF").click()
    expect(page.get_by_text("One PDF of 1 is being made.")).to_be_visible()
    with app.app_context():
        worker_of(app, settings)()
    expect(page.get_by_role("link", name="All as one PDF")).to_be_visible()
    assert complaints_of(page) == []


def test_revoking_asks_for_a_reason_first(open_as: Open, cast: Cast, certificate: Certificate) -> None:
    page = open_as(cast.mira, f"/c/{certificate.number}", scripts=False)
    page.get_by_role("link", name="Revoke").click()
    page.get_by_label("Why").fill("Issued by mistake")
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_role("heading", name="Revoked on")).to_be_visible()
    expect(page.get_by_text("Issued by mistake")).to_be_visible()
