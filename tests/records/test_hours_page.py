"""My hours: both ledgers line by line, each with a total so far that the lines above explain."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance.models import KnownBy
from catalog.competencies.models import Ledger
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.records import queries
from catalog.records.books import Book, Names, Stand, books
from catalog.records.ledger import NO_AREA, RETURNED, Entry, Rsc, Sure
from catalog.records.models import Standing
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records.entries import DAY, returned, rsc, verified, written_down
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
MINE = "/learning/hours"


def entry(number: int, minutes: int = 60, ledger: Ledger = Ledger.TRAINING, **more: object) -> Entry:
    on = date(2025, 1, number)
    defaults = {"key": f"entry-{number}", "began": on, "on": on, "title": f"Training {number}"}
    return Entry(ledger=ledger, minutes=minutes, **{**defaults, **more})  # type: ignore[arg-type]


def book(*entries: Entry) -> Book:
    """The book of trainings; entries are given the oldest first."""
    return books(
        list(reversed(entries)), Names(areas={1: "Theory"}, topics={5: "Attachment"}, tags={"core": "Core"})
    )[0]


def test_the_total_so_far_counts_what_is_verified_from_the_oldest_on() -> None:
    found = book(entry(1, 60), entry(2, 30, sure=Sure.PENDING), entry(3, 90), entry(4, 45, sure=Sure.PLANNED))
    assert [line.total for line in found.lines] == [None, 150, None, 60]
    assert (found.verified, found.pending, found.planned) == (150, 30, 45)


def test_what_does_not_count_adds_nothing_and_says_why() -> None:
    found = book(
        entry(1, not_counted=f"{RETURNED}: The file is missing.", sure=Sure.PENDING),
        entry(2, not_counted=NO_AREA),
    )
    assert [(line.stand, line.reason, line.total) for line in found.lines] == [
        (Stand.NOT_COUNTED, NO_AREA, None),
        (Stand.RETURNED, "The file is missing.", None),
    ]
    assert (found.verified, found.pending, found.planned) == (0, 0, 0)


def test_the_ledgers_are_two_books_and_no_sum() -> None:
    found = books([entry(2, 90, Ledger.RSC), entry(1, 60)], Names())
    assert [(one.ledger, one.verified) for one in found] == [(Ledger.TRAINING, 60), (Ledger.RSC, 90)]


def test_a_line_says_what_it_covers_and_how_it_is_known() -> None:
    [line] = book(
        entry(1, areas=frozenset({1}), topics=frozenset({5}), tags=frozenset({"core"}), taken_by="roll call")
    ).lines
    assert (line.areas, line.topics, line.tags) == (("Theory",), ("Attachment",), ("Core",))
    assert (line.known, line.days) == ("Attendance verified: roll call", "Wed 1 Jan 2025")
    [other] = book(entry(3, began=date(2025, 1, 1), known_by=KnownBy.SELF_REPORTED, sure=Sure.PENDING)).lines
    assert (other.known, other.days) == ("Self-reported", "Wed 1 Jan 2025 to Fri 3 Jan 2025")


def test_rsc_says_how_and_by_whom_it_was_provided() -> None:
    provider = Rsc("tess", Standing.ENDORSED, frozenset({"IFS", "ERS"}), is_group=False)
    [line] = books([entry(1, ledger=Ledger.RSC, rsc=provider)], Names())[1].lines
    assert line.provided == "Individual, provider on that date: endorsed (ERS, IFS)"
    unknown = Rsc("nobody", Standing.PEERS, is_group=None)
    [line] = books([entry(1, ledger=Ledger.RSC, rsc=unknown)], Names())[1].lines
    assert line.provided == "provider on that date: peers only, nobody provided it"


def text(browser: FlaskClient, url: str = MINE) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.fixture
def _filled(app: Flask, cast: Cast) -> None:
    """Ana's: six hours verified, one hour of RSC that waits, a training that was sent back, and a seat."""
    with inside(app):
        ana, mira, ivo = (db.session.get_one(Person, one.id) for one in (cast.ana, cast.mira, cast.ivo))
        verified(ana, mira)
        written_down(ana, what=rsc(began_on=DAY))
        returned(ana, mira, "The second page is missing.", title="Sent back", minutes=45)
        offering = make.offering(make.course("A session to come", areas=("TF",)), trainer_id=ivo.id)
        enrollment.add(ana, offering, by=ivo)


@pytest.mark.usefixtures("_filled")
@pytest.mark.parametrize("who", ["ana", "mira", "ada"])
def test_the_page_has_every_line_with_its_state(cast: Cast, login_as: LoginAs, who: str) -> None:
    page = text(login_as(getattr(cast, who)), MINE if who == "ana" else f"/people/{cast.ana.id}/hours")
    training, rsc_part = page.split('id="book-rsc"')
    assert "<b>6 h</b> verified; 3 h booked" in training
    assert "A session to come" in training
    assert "Booked" in training
    assert "The second page is missing." in training
    assert "<b>0 h</b> verified; 1 h not looked at yet" in rsc_part
    assert "Individual, provider on that date: endorsed (IMHM-C)" in rsc_part


def test_an_empty_page_offers_the_next_step(cast: Cast, login_as: LoginAs) -> None:
    page = text(login_as(cast.ana))
    assert "None yet." in page
    assert "/learning/hours/new" in page
    assert "/learning/hours/import" in page


@pytest.mark.usefixtures("_filled")
def test_totals_on_my_learning_include_what_is_from_elsewhere_by_label(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        found = queries.hours(db.session.get_one(Person, cast.ana.id))
        training, rsc_total = found.ledgers
        assert (training.minutes, training.elsewhere, training.not_counted) == (360, 1, 0)
        assert training.by_knowledge == {KnownBy.COORDINATOR: 360}
        assert rsc_total.by_knowledge == {KnownBy.SELF_REPORTED: 60}
        assert found.covered == ["TF"]
    page = text(login_as(cast.ana), "/learning")
    assert "from 1 entry from elsewhere" in page
    assert "Self-reported" in page
    assert 'href="/learning/hours"' in page
    assert f'href="/people/{cast.ana.id}/hours"' in text(login_as(cast.mira), f"/people/{cast.ana.id}")


def test_strangers_sign_in_and_others_see_nobodys(cast: Cast, client: FlaskClient, login_as: LoginAs) -> None:
    assert client.get(MINE).headers["Location"].startswith("/sign-in")
    for who in (cast.otto, cast.ivo):
        assert login_as(who).get(f"/people/{cast.ana.id}/hours").status_code == 403
    assert login_as(cast.mira).get("/people/999999/hours").status_code == 404


def test_fifty_lines_ask_as_often_as_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser, counts = login_as(cast.ana), []
    for more in (1, 16):
        with inside(app):
            ana, mira, ivo = (db.session.get_one(Person, one.id) for one in (cast.ana, cast.mira, cast.ivo))
            for number in range(more):
                verified(ana, mira, minutes=30 + number)
                written_down(ana, what=rsc(minutes=15 + number))
                enrollment.add(ana, make.offering(make.course(topics=("TF.attachment",))), by=ivo)
        with counted() as statements:
            assert browser.get(MINE).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


def test_older_lines_are_a_tap_away(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        for number in range(12):
            written_down(ana, title=f"Training {number:02d}", began_on=DAY + timedelta(days=number))
    page = text(login_as(cast.ana))
    assert "<summary>2 older</summary>" in page
    assert (
        page.index("Training 11")
        < page.index("Training 02")
        < page.index("2 older")
        < page.index("Training 01")
    )
