"""The public page: every fact and the state, for whoever has the number; and nothing else of anybody."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from catalog.accounts.models import Person
from catalog.certificates import services
from catalog.certificates.lines import lines
from catalog.certificates.models import Certificate
from catalog.extensions import db
from catalog.privacy.services import erasing
from catalog.privacy.words import NOBODY
from tests import factories as make
from tests.attendance.sheets import inside
from tests.certificates.papers import closed, correct, issued
from tests.factories import Cast

Login = Callable[[Person], FlaskClient]


@pytest.fixture
def certificate(app: Flask, cast: Cast) -> Certificate:
    with inside(app):
        course = make.course(
            "Staying <b>calm</b> & kind", topics=("TF.attachment",), provider="=1+1", ce_provider_number="P-1"
        )
        made = issued(closed(of=course))
        db.session.refresh(made)
    return made


def test_the_page_says_that_it_is_valid_and_repeats_every_fact(
    app: Flask, client: FlaskClient, certificate: Certificate
) -> None:
    answer = client.get(f"/c/{certificate.number}")
    assert answer.status_code == 200
    assert "Valid" in answer.text
    with inside(app):
        said = lines(certificate, app.config["CATALOG"].site_url)
    for line in said:
        assert f"<dt>{escape(line.label)}</dt><dd>{escape(line.text)}</dd>" in answer.text


def test_it_answers_as_before_when_the_person_has_left(
    app: Flask, client: FlaskClient, certificate: Certificate
) -> None:
    before = client.get(f"/c/{certificate.number}").text
    with inside(app):
        person = db.session.get_one(Person, certificate.person_id)
        erasing.erase(person, erasing.look_for([person.id]))
        db.session.commit()
        assert person.name == NOBODY
    after = client.get(f"/c/{certificate.number}")
    assert after.status_code == 200
    assert "Ana Sample" in after.text
    assert _main(after.text) == _main(before)


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_what_was_typed_stays_text(client: FlaskClient, certificate: Certificate) -> None:
    page = client.get(f"/c/{certificate.number}").text
    assert "Staying &lt;b&gt;calm&lt;/b&gt; &amp; kind" in page
    assert "<b>calm</b>" not in page


def test_it_tells_nothing_else_of_the_person(
    client: FlaskClient, certificate: Certificate, cast: Cast
) -> None:
    page = client.get(f"/c/{certificate.number}").text
    assert "@example.org" not in page
    assert "County" not in page


def test_search_engines_are_kept_away(client: FlaskClient, certificate: Certificate) -> None:
    answer = client.get(f"/c/{certificate.number}")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text


def test_the_number_may_be_typed_otherwise(client: FlaskClient, certificate: Certificate) -> None:
    assert client.get(f"/c/{certificate.number.lower().replace('-', ' ')}").status_code == 200


def test_a_superseded_one_says_so_and_leads_to_the_new_one(
    app: Flask, client: FlaskClient, certificate: Certificate
) -> None:
    with inside(app):
        offering = db.session.get_one(Certificate, certificate.id).offering
        assert offering
        offering.course.credit_percent = 10
        correct(offering, 120)
        new = issued(offering)
        number = new.number
    page = client.get(f"/c/{certificate.number}").text
    assert "Superseded on" in page
    assert f'href="/c/{number}"' in page
    assert "Valid" not in page


def test_a_revoked_one_says_when_and_why(app: Flask, client: FlaskClient, certificate: Certificate) -> None:
    with inside(app):
        made = db.session.get_one(Certificate, certificate.id)
        services.revoke(made, by=made.person, reason="Issued <i>by</i> mistake")
    page = client.get(f"/c/{certificate.number}").text
    assert "Revoked on" in page
    assert "Issued &lt;i&gt;by&lt;/i&gt; mistake" in page


def test_a_stranger_is_offered_no_paper(client: FlaskClient, certificate: Certificate) -> None:
    assert "Open the PDF" not in client.get(f"/c/{certificate.number}").text


def test_other_people_are_offered_no_paper_either(
    login_as: Login, cast: Cast, certificate: Certificate
) -> None:
    page = login_as(cast.otto).get(f"/c/{certificate.number}").text
    assert "Valid" in page
    assert "Open the PDF" not in page


def test_coordinators_may_have_the_paper_and_revoke(
    login_as: Login, cast: Cast, certificate: Certificate
) -> None:
    page = login_as(cast.mira).get(f"/c/{certificate.number}").text
    assert "Open the PDF" in page
    assert "Revoke" in page


def test_the_person_may_have_the_paper_and_not_revoke(
    app: Flask, login_as: Login, certificate: Certificate
) -> None:
    with inside(app):
        person = db.session.get_one(Person, certificate.person_id)
    page = login_as(person).get(f"/c/{certificate.number}").text
    assert "Open the PDF" in page
    assert "Revoke" not in page
