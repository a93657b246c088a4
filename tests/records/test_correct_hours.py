"""What an entry of hours says is never changed: a correction supersedes it, and what is taken back can come back."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from catalog.records import queries, services
from catalog.records.models import EntrySource, EntryState, Evidence, HourEntry
from catalog.records.refusals import AlreadyCorrected
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records import papers
from tests.records.entries import returned, said, verified, written_down
from tests.records.test_write_hours import send, text

LoginAs = Callable[[Person], FlaskClient]


def person(of: Person) -> Person:
    return db.session.get_one(Person, of.id)


def all_of(app: Flask) -> list[HourEntry]:
    with inside(app):
        return list(db.session.scalars(sa.select(HourEntry).order_by(HourEntry.id)))


@pytest.fixture
def number(app: Flask, cast: Cast) -> int:
    """What Ana wrote down, with its file."""
    with inside(app):
        return written_down(person(cast.ana)).id


@pytest.fixture
def topic(app: Flask, number: int) -> str:
    with inside(app):
        return str(make.topic("TF.attachment").id)


def edit(browser: FlaskClient, number: int, topic: str, **fields: Any) -> str:
    sent = send(browser, f"/learning/hours/{number}/edit", topics=topic, minutes="6", **fields)
    return sent.headers["Location"]


def test_a_correction_is_a_new_entry_and_its_file_comes_along(
    app: Flask, cast: Cast, login_as: LoginAs, number: int, topic: str
) -> None:
    browser = login_as(cast.ana)
    place = edit(browser, number, topic, title="Sleep, soothing and routines", minutes_="")
    old, new = all_of(app)
    assert place == f"/learning/hours/{new.id}"
    assert (old.title, new.title) == ("Sleep and soothing", "Sleep, soothing and routines")
    assert (new.supersedes_id, new.evidence_id) == (old.id, old.evidence_id)
    assert old.superseded_at is not None
    page = text(browser.get(place))
    assert 'Title: <span class="soft">Sleep and soothing</span> became Sleep, soothing and routines' in page
    assert "This was corrected since" in text(browser.get(f"/learning/hours/{number}"))


def test_only_the_latest_version_is_in_the_totals(
    app: Flask, cast: Cast, login_as: LoginAs, number: int, topic: str
) -> None:
    edit(login_as(cast.ana), number, topic, began_on="2025-02-01")
    with inside(app):
        assert [entry.minutes for entry in queries.ledger(cast.ana.id, clock.now())] == [360]
        assert [total.minutes for total in queries.hours(person(cast.ana)).ledgers] == [360, 0]


def test_another_file_replaces_it_and_the_old_version_keeps_its_own(
    app: Flask, cast: Cast, login_as: LoginAs, number: int, topic: str
) -> None:
    browser = login_as(cast.ana)
    place = edit(browser, number, topic, file=papers.jpeg(), name="photo.jpg")
    assert browser.get(place + "/evidence").headers["Content-Type"] == "image/jpeg"
    assert browser.get(f"/learning/hours/{number}/evidence").data == papers.PDF
    assert "became photo.jpg" in text(browser.get(place))
    place = edit(browser, all_of(app)[-1].id, topic, drops_file="y")
    assert browser.get(place + "/evidence").status_code == 404
    with inside(app):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 2


def test_what_was_verified_has_to_be_looked_at_again(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str, number: int
) -> None:
    with inside(app):
        entry = db.session.get_one(HourEntry, number)
        services.verify_hours(entry, services.seen_of(entry), by=person(cast.mira))
    edit(login_as(cast.ana), number, topic, title="Another title")
    old, new = all_of(app)
    assert (old.state, new.state) == (EntryState.VERIFIED, EntryState.PENDING)


def test_saving_without_a_change_makes_none(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str, number: int
) -> None:
    assert edit(login_as(cast.ana), number, topic) == f"/learning/hours/{number}"
    assert len(all_of(app)) == 1


def test_what_was_sent_back_can_be_sent_again_as_it_is(
    app: Flask, cast: Cast, login_as: LoginAs, topic: str
) -> None:
    with inside(app):
        back = returned(person(cast.otto), person(cast.mira)).id
    browser = login_as(cast.otto)
    assert "A coordinator needs something more: The file is missing." in text(
        browser.get(f"/learning/hours/{back}/edit")
    )
    edit(browser, back, topic)
    assert all_of(app)[-1].state == EntryState.PENDING


def test_a_bad_correction_shows_the_form_again(
    app: Flask, cast: Cast, login_as: LoginAs, number: int, topic: str
) -> None:
    answer = send(
        login_as(cast.ana), f"/learning/hours/{number}/edit", title="", topics=topic, trainer="Typed"
    )
    assert answer.status_code == 422
    assert 'value="Typed"' in answer.text
    assert len(all_of(app)) == 1


def test_the_same_correction_sent_twice_is_one(
    app: Flask, cast: Cast, login_as: LoginAs, number: int, topic: str
) -> None:
    browser = login_as(cast.ana)
    places = [edit(browser, number, topic, title="Corrected", once="abc") for _ in range(2)]
    assert places[0] == places[1]
    assert len(all_of(app)) == 2


def test_a_second_correction_of_the_same_version_is_refused_and_all_typed_stays(
    app: Flask, cast: Cast, login_as: LoginAs, number: int, topic: str
) -> None:
    browser = login_as(cast.ana)
    edit(browser, number, topic, title="First")
    answer = send(browser, f"/learning/hours/{number}/edit", topics=topic, title="Second")
    assert answer.status_code == 409
    assert "This entry was corrected or taken back meanwhile" in answer.text
    assert 'value="Second"' in answer.text
    assert len(all_of(app)) == 2
    assert browser.get(f"/learning/hours/{number}/edit").headers["Location"].endswith(str(all_of(app)[-1].id))


def test_of_two_corrections_at_once_one_is_let_through(app: Flask, cast: Cast, number: int) -> None:
    refused: list[AlreadyCorrected] = []

    def correct(title: str) -> None:
        services.correct_hours(
            db.session.get_one(HourEntry, number), said(title=title), None, by=person(cast.ana)
        )

    def other() -> None:
        try:
            with inside(app):
                correct("Second")
        except AlreadyCorrected as refusal:
            refused.append(refusal)

    with inside(app):
        correct("First")
        thread = Thread(target=other)
        thread.start()
        thread.join(0.5)
        db.session.commit()
    thread.join(20)
    assert len(refused) == 1
    assert [one.title for one in all_of(app)] == ["Sleep and soothing", "First"]


def test_the_database_refuses_a_second_correction(app: Flask, cast: Cast, number: int) -> None:
    with inside(app):
        first = services.correct_hours(
            db.session.get_one(HourEntry, number), said(title="First"), None, by=person(cast.ana)
        )
        entry = written_down(person(cast.ana), title="Other", minutes=30)
        entry.supersedes_id = first.supersedes_id
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_what_is_taken_back_counts_no_more_and_is_kept(
    app: Flask, cast: Cast, login_as: LoginAs, number: int
) -> None:
    browser = login_as(cast.ana)
    answer = browser.post(f"/learning/hours/{number}/withdraw")
    assert answer.headers["Location"] == f"/learning/hours/{number}"
    [entry] = all_of(app)
    assert (entry.state, entry.checked_at is not None) == (EntryState.WITHDRAWN, True)
    with inside(app):
        assert queries.ledger(cast.ana.id, clock.now()) == []
        assert [total.minutes for total in queries.hours(person(cast.ana)).ledgers] == [0, 0]
        letters = [job.payload["subject"] for job in db.session.scalars(sa.select(Job).order_by(Job.id))]
    assert "An entry of your hours was taken back" in letters
    assert "Taken back (1)" in browser.get("/learning/hours").text
    browser.post(f"/learning/hours/{number}/withdraw")
    with inside(app):
        assert list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id))) == [
            "hours.added",
            "hours.withdrawn",
        ]


def test_what_is_taken_back_is_put_back_before_it_is_corrected(
    app: Flask, cast: Cast, login_as: LoginAs, number: int, topic: str
) -> None:
    browser = login_as(cast.ana)
    browser.post(f"/learning/hours/{number}/withdraw")
    assert browser.get(f"/learning/hours/{number}/edit").headers["Location"] == f"/learning/hours/{number}"
    answer = send(browser, f"/learning/hours/{number}/edit", topics=topic, title="Corrected")
    assert answer.status_code == 409
    assert len(all_of(app)) == 1


def test_it_can_be_put_back_once(app: Flask, cast: Cast, login_as: LoginAs, number: int) -> None:
    browser = login_as(cast.ana)
    browser.post(f"/learning/hours/{number}/withdraw")
    assert "Put it back" in browser.get(f"/learning/hours/{number}").text
    place = browser.post(f"/learning/hours/{number}/put-back").headers["Location"]
    old, new = all_of(app)
    assert place == f"/learning/hours/{new.id}"
    assert (new.state, new.supersedes_id, new.evidence_id) == (EntryState.PENDING, old.id, old.evidence_id)
    assert browser.post(f"/learning/hours/{number}/put-back").status_code == 409
    assert "Taken back" not in browser.get("/learning/hours").text


def test_what_was_not_taken_back_is_not_put_back(
    app: Flask, cast: Cast, login_as: LoginAs, number: int
) -> None:
    assert login_as(cast.ana).post(f"/learning/hours/{number}/put-back").status_code == 409
    assert len(all_of(app)) == 1


@pytest.mark.parametrize("who", ["otto", "mira"])
@pytest.mark.parametrize("part", ["/edit", "/withdraw", "/put-back"])
def test_nobody_else_changes_it(
    app: Flask, cast: Cast, login_as: LoginAs, number: int, who: str, part: str
) -> None:
    answer = send(login_as(getattr(cast, who)), f"/learning/hours/{number}{part}", title="Changed")
    assert answer.status_code == (404 if who == "otto" else 403) or (
        part != "/edit" and answer.status_code == 400
    )
    plain = login_as(getattr(cast, who)).post(f"/learning/hours/{number}{part}")
    assert plain.status_code == (404 if who == "otto" else 403)
    assert [one.title for one in all_of(app)] == ["Sleep and soothing"]


def test_a_coordinator_corrects_what_a_coordinator_wrote_and_it_stays_verified(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        entry = services.add_hours_for(person(cast.ana), said(), None, by=person(cast.mira))
        number, topic = entry.id, str(entry.topics[0].id)
    edit(login_as(cast.ada), number, topic, title="Corrected")
    new = all_of(app)[-1]
    assert (new.person_id, new.source, new.state, new.checked_by_id) == (
        cast.ana.id,
        EntrySource.COORDINATOR,
        EntryState.VERIFIED,
        cast.ada.id,
    )


def test_the_history_begins_with_what_was_first_written_down(app: Flask, cast: Cast, number: int) -> None:
    with inside(app):
        entry = db.session.get_one(HourEntry, number)
        second = services.correct_hours(entry, said(title="Second"), None, by=person(cast.ana))
        third = services.correct_hours(second, said(title="Third"), None, by=person(cast.ana))
        verified(person(cast.ana), person(cast.mira), minutes=30)
        for one in (entry, second, third):
            assert [found.title for found in queries.versions(one)] == [
                "Sleep and soothing",
                "Second",
                "Third",
            ]


def test_nothing_changes_by_a_link(cast: Cast, login_as: LoginAs, number: int) -> None:
    browser = login_as(cast.ana)
    assert browser.get(f"/learning/hours/{number}/withdraw").status_code == 405
    assert browser.get(f"/learning/hours/{number}/put-back").status_code == 405
