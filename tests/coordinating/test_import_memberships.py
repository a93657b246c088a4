"""Memberships from the association's list: matched, shown, settled, and saved as they were shown."""

from datetime import date
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.coordinating.importing import services
from catalog.coordinating.importing.planned import seal
from catalog.coordinating.models import TableImport
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry
from tests import factories as make
from tests.attendance.sheets import inside
from tests.coordinating.tables import LoginAs, save, send, text, workbook
from tests.factories import Cast
from tests.records import sheets

URL = "/imports/memberships"
HEAD = ("Email", "Name", "County", "Member until")


def until(app: Flask, person: Person) -> date | None:
    with inside(app):
        return db.session.get_one(Person, person.id).member_until


def noted(app: Flask) -> list[str]:
    with inside(app):
        return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def uploaded(browser: FlaskClient, *rows: tuple[object, ...]) -> str:
    return send(browser, URL, sheets.csv(HEAD, *rows)).headers["Location"]


def test_each_row_is_shown_before_anything_is_saved(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        make.person("Old Member", email="old@example.org", member_until=date(2026, 12, 31))
    page = text(
        login_as(cast.mira).get(
            uploaded(
                login_as(cast.mira),
                (cast.ana.email.upper(), "", "", "2027-12-31"),
                ("old@example.org", "", "", "12/31/2026"),
                ("nobody@example.org", "No Body", "", "2027-12-31"),
                (cast.otto.email, "", "", ""),
                (cast.ivo.email, "", "", "some day"),
            )
        )
    )
    assert "Member until Fri 31 Dec 2027. Before: no member." in page
    assert "Member until Thu 31 Dec 2026 already." in page
    assert "Nobody here has this address or name." in page
    assert "It does not say until when." in page
    assert "“some day” is no date that can be read." in page
    assert "Will be saved: 1" in page
    assert "Cannot be saved: 3" in page
    assert until(app, cast.ana) is None


def test_what_was_shown_is_saved_and_written_down(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    place = uploaded(browser, (cast.ana.email, "", "", "2027-12-31"), ("x@example.org", "", "", "2027-12-31"))
    page = text(browser.get(save(browser, place).headers["Location"]))
    assert until(app, cast.ana) == date(2027, 12, 31)
    assert noted(app) == ["person.membership", "table.memberships"]
    assert "Saved Ana Sample" in page
    assert "1 row is saved." in page
    assert "Not saved x@example.org" in page


def test_members_pay_their_price_after_it(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    save(browser, uploaded(browser, (cast.ana.email, "", "", "2099-12-31")))
    with inside(app):
        offering = make.offering(price_cents=5000, member_price_cents=2000)
        ana, otto = (db.session.get_one(Person, one.id) for one in (cast.ana, cast.otto))
        assert [offering.price_for(one, clock.now()) for one in (ana, otto)] == [2000, 5000]


def test_none_ends_a_membership(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).member_until = date(2027, 1, 1)
    browser = login_as(cast.mira)
    save(browser, uploaded(browser, (cast.ana.email, "", "", "none")))
    assert until(app, cast.ana) is None


def test_a_name_with_its_county_is_enough_and_a_name_alone_is_asked_about(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        pike = make.person("Rosa Sample", county="01109")
        mobile = make.person("Rosa Sample", county="01097")
    browser = login_as(cast.mira)
    place = uploaded(
        browser, ("", "Sample, Rosa", "Pike County", "2027-12-31"), ("", "rosa  sample", "", "2028-12-31")
    )
    page = browser.get(place)
    assert "Only the name fits" in text(page)
    assert f'<option value="{mobile.id}">Rosa Sample, Mobile County, {mobile.email}</option>' in page.text
    answer = save(browser, place)
    assert answer.status_code == 409
    assert "Say of 1 row first who is meant, or leave them out. Nothing was saved." in answer.text
    assert (until(app, pike), until(app, mobile)) == (None, None)
    answer = save(browser, place, who_3=str(mobile.id))
    assert until(app, mobile) is None, "what comes of it is shown before it is saved"
    save(browser, place)
    assert (until(app, pike), until(app, mobile)) == (date(2027, 12, 31), date(2028, 12, 31))


def test_another_address_of_the_same_name_is_asked_about(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    place = uploaded(browser, ("ana@home.example", "Ana Sample", "", "2027-12-31"))
    assert "Only the name fits" in text(browser.get(place))
    page = text(browser.get(save(browser, place, who_2="none").headers["Location"]))
    assert "Left out by you." in page
    assert "Nothing of this table is to be saved." in page


def test_one_person_twice(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    place = uploaded(
        browser,
        (cast.ana.email, "", "", "2027-12-31"),
        (cast.ana.email, "", "", "2027-12-31"),
        (cast.ana.email, "", "", "2028-12-31"),
    )
    page = text(browser.get(place))
    assert "The same as row 2." in page
    assert "Row 2 says another day of the same person." in page


def test_a_second_address_and_an_account_that_became_part_of_another(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).second_email = "second@example.org"
        make.person("Gone", email="gone@example.org", merged_into_id=cast.otto.id)
    browser = login_as(cast.mira)
    save(
        browser,
        uploaded(
            browser, ("second@example.org", "", "", "2027-12-31"), ("gone@example.org", "", "", "2027-12-30")
        ),
    )
    assert (until(app, cast.ana), until(app, cast.otto)) == (date(2027, 12, 31), date(2027, 12, 30))


def test_what_changed_meanwhile_is_said_and_nothing_is_saved(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser = login_as(cast.mira)
    place = uploaded(browser, (cast.otto.email, "", "", "2027-12-31"), (cast.ana.email, "", "", "2027-12-31"))
    from_page = browser.get(place).text
    with inside(app):
        db.session.get_one(Person, cast.ana.id).member_until = date(2027, 6, 30)
    sealed = from_page.split('name="seen" value="')[1].split('"')[0]
    answer = save(browser, place, sealed)
    assert answer.status_code == 409
    page = text(answer)
    assert "nothing was saved. 1 row comes out otherwise now and is marked below." in page
    assert "Changed meanwhile Ana Sample" in page
    assert until(app, cast.otto) is None
    save(browser, place)
    assert until(app, cast.otto) == date(2027, 12, 31)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_as_programs_save_them(app: Flask, cast: Cast, login_as: LoginAs, encoding: str) -> None:
    with inside(app):
        make.person("José Núñez", county="01109", email="jose@example.org")
    data = sheets.csv(HEAD, ("", "José Núñez", "Pike", "2027-12-31"), encoding=encoding)
    browser = login_as(cast.mira)
    page = text(browser.get(send(browser, URL, data).headers["Location"]))
    assert "José Núñez, Pike County, jose@example.org Member until Fri 31 Dec 2027" in page


def test_a_workbook_with_dates_and_formulas(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    data = workbook(
        ("Members of the association",),
        ("E-mail", "Expires", "Note"),
        (cast.ana.email, date(2027, 12, 31), '=HYPERLINK("http://evil.example","x")'),
        ('=cmd|" /C calc"!A0', date(2027, 12, 31), ""),
    )
    browser = login_as(cast.mira)
    place = send(browser, URL, data, "members.xlsx").headers["Location"]
    page = browser.get(place)
    assert "Will be saved: 1" in text(page)
    assert "the column Note" in text(page)
    assert "evil.example" not in page.text
    save(browser, place)
    assert until(app, cast.ana) == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7", "This is a PDF."),
        (b"Person;Since\nAna;2020", "“Email” or “Name”, and “Member until”"),
        (b"Foo,Bar\n1,2\n", "Found were: “Foo”, “Bar”."),
        (b"Email,Member until\n", "There is no row under the headings."),
        ("Email,Member until\nJosé,x\n".encode().decode("cp1252").encode(), "were damaged"),
        (b"Email,Member until\n" + b"a@example.org,2027-12-31\n" * 5001, "more than 5,000 rows"),
        (b"Email,Member until\n" + b"x" * (5 * 1024 * 1024), "larger than 5 MB"),
        (None, "Choose a file."),
    ],
)
def test_files_that_are_no_such_table(
    app: Flask, cast: Cast, login_as: LoginAs, data: bytes | None, sentence: str
) -> None:
    answer = send(login_as(cast.mira), URL, data)
    assert answer.status_code == 422
    assert sentence in text(answer)
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(TableImport)) == 0


def test_what_is_far_too_large_is_refused_early(cast: Cast, login_as: LoginAs) -> None:
    answer = send(login_as(cast.mira), URL, b"x" * (13 * 1024 * 1024))
    assert answer.status_code == 413
    assert "Nothing was saved. Send less at once." in answer.text


def test_only_coordinators(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    place = uploaded(login_as(cast.mira), (cast.ana.email, "", "", "2027-12-31"))
    stranger = app.test_client()
    for address in ("/imports", URL, URL + "/example.csv", place):
        assert stranger.get(address).status_code == 303
        assert login_as(cast.ivo).get(address).status_code == 403
        assert login_as(cast.ada).get(address).status_code == 200
    assert login_as(cast.ivo).post(place).status_code == 403
    assert login_as(cast.ivo).post(URL).status_code == 403
    assert login_as(cast.mira).get("/imports/999999").status_code == 404


def test_the_same_form_sent_twice_saves_once(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    place = uploaded(browser, (cast.ana.email, "", "", "2027-12-31"))
    sealed = browser.get(place).text.split('name="seen" value="')[1].split('"')[0]
    save(browser, place, sealed)
    page = text(browser.get(save(browser, place, sealed).headers["Location"]))
    assert "This table was saved already, so nothing changed." in page
    assert noted(app).count("table.memberships") == 1


def test_two_who_save_it_at_once_save_it_once(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    place = uploaded(login_as(cast.mira), (cast.ana.email, "", "", "2027-12-31"))
    found: list[int] = []

    def press() -> None:
        with app.app_context():
            writing.set(True)
            table = db.session.get_one(TableImport, int(place.rsplit("/", 1)[1]))
            mira = db.session.get_one(Person, cast.mira.id)
            found.append(services.save(table, seals[0], by=mira))
            db.session.commit()

    with inside(app):
        table = db.session.get_one(TableImport, int(place.rsplit("/", 1)[1]))
        seals = [seal(services.plan(table, by=db.session.get_one(Person, cast.mira.id)))]
    threads = [Thread(target=press) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == [0, 0, 1]
    assert noted(app).count("person.membership") == 1


def test_people_are_written_in_the_order_of_their_numbers(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    """Whatever the order of the table: whoever else needs several of them would wait in a circle."""
    people = sorted((cast.ana, cast.otto, cast.ivo), key=lambda one: -one.id)
    browser = login_as(cast.mira)
    save(browser, uploaded(browser, *((one.email, "", "", "2027-12-31") for one in people)))
    with inside(app):
        noted = sa.select(AuditEntry.person_id).where(AuditEntry.action == "person.membership")
        assert list(db.session.scalars(noted.order_by(AuditEntry.id))) == [one.id for one in people[::-1]]
