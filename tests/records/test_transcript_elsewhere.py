"""The transcript has hours from elsewhere too: those that are verified or wait, each with how it is known."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.records import queries, services
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.records.entries import returned, rsc, said, verified, written_down
from tests.records.test_transcript import MINE, page, table, words_of
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def _filled(app: Flask, cast: Cast) -> None:
    """Verified 6 h of training; 1 h 30 min that waits; RSC of 1 h that a coordinator wrote; and two that are out."""
    with inside(app):
        ana, mira = (db.session.get_one(Person, one.id) for one in (cast.ana, cast.mira))
        verified(ana, mira)
        written_down(ana, title="=SUM(A1) (sample)", minutes=90)
        services.add_hours_for(ana, rsc(), None, by=mira)
        returned(ana, mira, title="Sent back", minutes=15)
        services.withdraw_hours(written_down(ana, title="Taken back", minutes=20), by=ana)


def test_the_page_labels_each_with_how_it_is_known(cast: Cast, login_as: LoginAs) -> None:
    text = page(login_as(cast.ana))
    training, rsc_part = text.split("Reflective supervision/consultation (RSC) hours")
    assert "7 h 30 min (450 minutes) , of which 1 h 30 min self-reported and not looked at yet" in training
    assert "Coordinator verified: seen by Mira Sample" in training
    assert "Self-reported: not looked at yet" in training
    assert rsc_part.strip().startswith("1 h (60 minutes)")
    assert "Coordinator verified: written down by a coordinator, seen by Mira Sample" in rsc_part
    assert "Tess Sample · Individual" in rsc_part
    assert "Sent back" not in text
    assert "Taken back" not in text


def test_the_table_has_a_row_for_each_and_runs_no_formula(cast: Cast, login_as: LoginAs) -> None:
    rows = {row["Course or programme"]: row for row in table(login_as(cast.ana))}
    assert set(rows) == {"Sleep and soothing", "'=SUM(A1) (sample)", "Reflective consultation"}
    waits = rows["'=SUM(A1) (sample)"]
    assert (waits["Part"], waits["Minutes"], waits["Known by"]) == ("Training", "90", "self-reported")
    assert waits["Topics"] == "Topic TF.attachment"
    assert waits["Mapping"] == "Mapping not reviewed"
    assert rows["Sleep and soothing"]["Known by"] == "coordinator verified"
    assert rows["Reflective consultation"]["Part"] == "RSC"


def test_the_pdf_says_the_same(cast: Cast, login_as: LoginAs) -> None:
    words = words_of(login_as(cast.ana).get(MINE + ".pdf").data)
    assert "7 h 30 min (450 minutes), of which 1 h 30 min self-reported and not looked at yet" in words
    assert "Self-reported: not looked at yet" in words
    assert "Sent back" not in words


def test_what_names_no_area_stands_with_what_does_not_count(app: Flask, cast: Cast) -> None:
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        services.add_hours(said(areas=frozenset(), topics=frozenset(), title="Plain"), None, by=ana)
        found = queries.transcript(ana, clock.now())
    assert [entry.course for entry in found.not_counted] == ["Plain"]
    assert "names no competency area" in found.not_counted[0].reason


def test_the_transcript_asks_as_often_for_thirty_entries_as_for_one(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    browser, counts = login_as(cast.ana), []
    for more in (0, 30):
        with inside(app):
            for number in range(more):
                written_down(db.session.get_one(Person, cast.ana.id), minutes=30 + number)
        with counted() as statements:
            browser.get(MINE)
        counts.append(len(statements))
    # Ten before, and four for what is from elsewhere: the entries, their areas, topics and tags.
    assert counts[0] == counts[1] <= 14
