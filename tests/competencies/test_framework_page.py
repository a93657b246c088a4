"""The framework page: what everybody reads, what is marked, what only coordinators see."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies import services
from catalog.competencies.models import HourRule
from catalog.extensions import db, writing
from tests.competencies.framework_file import small, write
from tests.factories import Cast

OWN = Path(__file__).parents[2] / "data" / "framework.json"
MARK = "◇ check with First 5 Alabama"


@pytest.fixture
def load(app: Flask, _rows: None, tmp_path: Path) -> Callable[[Path], None]:
    def load(path: Path) -> None:
        with app.app_context():
            writing.set(True)
            services.load_framework(path)
            db.session.commit()

    return load


def plain(page: str) -> str:
    """The page without tags and with single blanks."""
    text, inside = [], False
    for letter in page:
        inside = letter == "<" or (inside and letter != ">")
        text.append("" if inside or letter == ">" else letter)
    return " ".join("".join(text).split())


def test_before_anything_is_loaded_the_page_says_so(client: FlaskClient) -> None:
    assert "No framework has been loaded yet" in client.get("/framework").text


def test_it_shows_edition_credentials_areas_topics_categories_and_hours(
    client: FlaskClient, load: Callable[[Path], None]
) -> None:
    load(OWN)
    page = plain(client.get("/framework").text)
    for text in (
        "Edition 2024, compiled on Sun 22 Nov 2026",
        "IMH-E® Infant Mental Health Endorsement",
        "Theoretical Foundations TF",
        "Attachment, separation, trauma, grief &amp; loss",
        "Administration Adm · asked of Mentors only",
        "Infant Family Associate IFA · IMH-E",
        "Training hours at&nbsp;least&nbsp;30 h Confirmed · edition 2024 · source of Training hours",
    ):
        assert text in page
    assert page.count("®") == 3


def test_what_is_not_confirmed_is_marked(
    client: FlaskClient, load: Callable[[Path], None], tmp_path: Path
) -> None:
    framework = small()
    framework["rules"][0]["confidence"] = "older edition"
    load(write(tmp_path, framework))
    page = plain(client.get("/framework").text)
    assert f"at&nbsp;least&nbsp;30 h {MARK} older edition · edition 2024" in page
    assert f"Reflection {MARK}" in page
    assert "Theory TF" in page


def test_areas_shown_by_references_say_so(
    client: FlaskClient, load: Callable[[Path], None], tmp_path: Path
) -> None:
    load(write(tmp_path, small()))
    assert client.get("/framework").text.count("mainly by reference ratings") == 1


def test_nothing_is_called_a_level_or_certified(client: FlaskClient, load: Callable[[Path], None]) -> None:
    load(OWN)
    page = plain(client.get("/framework").text).casefold()
    assert "level" not in page
    assert "certified" not in page


def test_no_address_of_the_file_can_run_a_script(
    client: FlaskClient, load: Callable[[Path], None], tmp_path: Path
) -> None:
    framework = small()
    framework["areas"][0]["source"] = "javascript:alert(1)"
    framework["topics"][0]["name"] = "<script>alert(1)</script>"
    load(write(tmp_path, framework))
    page = client.get("/framework").text
    assert 'href="javascript:' not in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_rules_not_in_use_and_ended_ones_are_for_coordinators(
    app: Flask,
    cast: Cast,
    login_as: Callable[[Person], FlaskClient],
    load: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    framework = small()
    framework["rules"][0] |= {"enabled": False, "why_disabled": "Asked for nowhere"}
    framework["rules"] += [
        framework["rules"][0] | {"ledger": "rsc", "effective_until": "2020-12-31", "enabled": True}
    ]
    load(write(tmp_path, framework))
    everybody, mira = login_as(cast.ana).get("/framework").text, login_as(cast.mira).get("/framework").text
    assert "Asked for nowhere" not in everybody
    assert "Ended" not in everybody
    assert "Asked for nowhere" in mira
    assert "Ended Thu 31 Dec 2020" in mira


def test_a_rule_of_tomorrow_says_from_when(
    app: Flask, client: FlaskClient, load: Callable[[Path], None], tmp_path: Path
) -> None:
    framework = small()
    tomorrow: date = clock.now().date() + timedelta(days=1)
    framework["rules"][0]["effective_from"] = tomorrow.isoformat()
    load(write(tmp_path, framework))
    assert f"From {tomorrow:%a} {tomorrow.day}" in client.get("/framework").text


@pytest.mark.parametrize(("at", "is_shown"), [("01:00", True), ("06:00", False)])
def test_a_rule_is_in_force_until_its_day_ends_in_alabama(
    client: FlaskClient, load: Callable[[Path], None], tmp_path: Path, at: str, is_shown: bool
) -> None:
    framework = small()
    framework["rules"][0]["effective_until"] = "2027-06-30"
    load(write(tmp_path, framework))
    with time_machine.travel(f"2027-07-01T{at}+00:00", tick=False):
        page = client.get("/framework").text
    assert ("until Wed 30 Jun 2027" in page) == is_shown


def test_ages_read_as_people_say_them(client: FlaskClient, load: Callable[[Path], None]) -> None:
    load(OWN)
    page = plain(client.get("/framework").text)
    for ages in (
        "Infant Mental Health Endorsement, birth to 36 months (and pregnancy)",
        "Early Childhood Mental Health Endorsement, 3 up to 6 years (37 through 71 months)",
        "Infant and Early Childhood Mental Health Endorsement, birth up to 6 years",
    ):
        assert ages in page


def test_only_coordinators_are_offered_to_edit(
    cast: Cast, login_as: Callable[[Person], FlaskClient], load: Callable[[Path], None], tmp_path: Path
) -> None:
    load(write(tmp_path, small()))
    assert "/edit" not in login_as(cast.ana).get("/framework").text
    assert login_as(cast.mira).get("/framework").text.count("/edit") == 7


def test_the_page_asks_the_database_the_same_few_things_however_much_there_is(
    app: Flask, client: FlaskClient, load: Callable[[Path], None]
) -> None:
    load(OWN)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    client.get("/framework")
    sa.event.remove(engine, "before_cursor_execute", note)
    assert len([one for one in asked if one.startswith("SELECT")]) <= 9
    assert HourRule.__tablename__ in " ".join(asked)
