"""How far one is in a certificate course: on its page, and on My learning."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.certificates.models import Certificate
from catalog.courses.models import Course, CourseState
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.records import queries
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records import parts
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


def person(of: Person) -> Person:
    return db.session.get_one(Person, of.id)


def begun(app: Flask, cast: Cast) -> int:
    """Ana has finished the first of three parts and has a seat on the second; the third has two sessions."""
    with inside(app):
        ana, ivo = person(cast.ana), person(cast.ivo)
        one, two, three = (make.course(f"Part {word} (sample)", areas=("TF",)) for word in ("A", "B", "C"))
        course = parts.certificate_course(one, two, three)
        parts.finish(ana, one, by=ivo)
        enrollment.enroll(ana, make.offering(two), by=ana)
        make.offering(three)
        make.offering(three, starts=clock.now() + timedelta(days=40))
        make.offering(three, opens_at=clock.now() + timedelta(days=2))
        return course.id


def page(browser: FlaskClient, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_page_says_what_is_done_booked_and_missing(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number = begun(app, cast)
    text = page(login_as(cast.ana), f"/learning/courses/{number}")
    assert "<b>1 of 3</b> parts done" in text
    a, b, c = (text.index(f"Part {word} (sample)</a></h2>") for word in "ABC")
    assert "Done" in text[a:b]
    assert "Booked" in text[b:c]
    assert "Missing" in text[c:]
    assert text[c:].count('href="/offerings/') == 2, "those that are open"


def test_my_learning_says_how_far_one_is(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number = begun(app, cast)
    text = page(login_as(cast.ana), "/learning")
    assert "Foundations certificate (sample)" in text
    assert "1 of 3 done" in text
    assert f'href="/learning/courses/{number}"' in text


def test_whoever_has_begun_nothing_is_not_told_of_it(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    begun(app, cast)
    assert "Foundations certificate" not in page(login_as(cast.otto), "/learning")


def test_what_was_attended_and_not_closed_yet_is_on_its_way(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    number = begun(app, cast)
    with clock.at(clock.now() + timedelta(days=30)):
        assert "hours follow" in page(login_as(cast.ana), f"/learning/courses/{number}")


def test_a_cancelled_session_is_not_booked(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number = begun(app, cast)
    with inside(app):
        found = queries.progress(person(cast.ana), db.session.get_one(Course, number), clock.now())
        assert found.parts[1].booked is not None
        enrollment.cancel(found.parts[1].booked, by=person(cast.mira), reason="the hall is flooded")
    assert "Booked" not in page(login_as(cast.ana), f"/learning/courses/{number}")


def test_whoever_had_finished_before_gets_the_certificate_by_a_button(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        one = make.course("Part A (sample)", areas=("TF",))
        parts.finish(person(cast.ana), one, by=person(cast.ivo))
        number = parts.certificate_course(one).id
    browser, url = login_as(cast.ana), f"/learning/courses/{number}"
    assert "Get the certificate" in page(browser, url)
    assert browser.post(url + "/certificate").headers["Location"] == url
    with inside(app):
        certificate = db.session.scalars(sa.select(Certificate)).one()
    text = page(browser, url)
    assert f'href="/c/{certificate.number}"' in text
    assert "Get the certificate" not in text
    assert "1 of 1 done" in page(browser, "/learning")


def test_nobody_gets_it_before(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number = begun(app, cast)
    answer = login_as(cast.ana).post(f"/learning/courses/{number}/certificate")
    assert answer.status_code == 409
    assert "Not every part of this course is finished yet." in answer.text


def test_a_certificate_that_was_revoked_is_not_had_again(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        one = make.course("Part A (sample)", areas=("TF",))
        parts.finish(person(cast.ana), one, by=person(cast.ivo))
        number = parts.certificate_course(one).id
    browser, url = login_as(cast.ana), f"/learning/courses/{number}/certificate"
    browser.post(url)
    with inside(app):
        certificate = db.session.scalars(sa.select(Certificate)).one()
        certificate.revoked_at, certificate.revoked_by_id = clock.now(), cast.mira.id
    answer = browser.post(url)
    assert answer.status_code == 409
    assert "was revoked" in answer.text


def test_progress_asks_for_a_sign_in_and_a_certificate_course(
    app: Flask, cast: Cast, client: FlaskClient, login_as: LoginAs
) -> None:
    with inside(app):
        plain = make.course("Plain").id
        draft = parts.certificate_course(title="Draft", state=CourseState.DRAFT).id
    assert client.get(f"/learning/courses/{plain}").headers["Location"].startswith("/sign-in")
    browser = login_as(cast.ana)
    for number in (plain, draft, 999_999):
        assert browser.get(f"/learning/courses/{number}").status_code == 404
        assert browser.post(f"/learning/courses/{number}/certificate").status_code == 404
    assert browser.get(f"/learning/courses/{plain}/certificate").status_code == 405


@pytest.mark.parametrize("url", ["/learning", "/learning/courses/{number}"])
def test_many_parts_are_read_in_as_few_statements_as_three(
    app: Flask, cast: Cast, login_as: LoginAs, url: str
) -> None:
    number, browser, counts = begun(app, cast), login_as(cast.ana), []
    for more in (0, 20):
        with inside(app):
            course = db.session.get_one(Course, number)
            new = [make.course(areas=("TF",)) for _ in range(more)]
            for part in new:
                make.offering(part)
            parts.put_together(course, [*course.components, *new])
        with counted() as statements:
            page(browser, url.format(number=number))
        counts.append(len(statements))
    assert counts[0] == counts[1]
