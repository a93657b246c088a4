"""What whoever has a link sees: the goal, read-only, and nothing else of the person."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pypdfium2
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.endorsement import services
from catalog.endorsement.models import Goal, ShareLink
from catalog.endorsement.views.share import MOST_MISSES, WINDOW
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import inside
from tests.endorsement import applications
from tests.endorsement.goals import goal
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
ENDINGS = ("", "/export.pdf", "/export.xlsx")
GARBAGE = ["0", "x" * 43, "x" * 5000, "%00", "%ff%fe", "é", "..", "<script>", "' OR 1=1 --"]


class Shared(NamedTuple):
    url: str
    number: str


@pytest.fixture
def shared(app: Flask, cast: Cast) -> Shared:
    scene = applications.scene(app, cast)
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        goal(ana, make.category("ECFS", name="Another category of hers"))
        key = services.make_share(db.session.get_one(Goal, scene.goal_id), "Rosa", 30, by=ana)
    return Shared(f"/shared/{key}", scene.number)


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text.split("<main")[1]).split())


def end(app: Flask, **fields: object) -> None:
    with inside(app):
        db.session.execute(sa.update(ShareLink).values(**fields))


def test_it_shows_the_figures_areas_and_lines_without_a_sign_in(client: FlaskClient, shared: Shared) -> None:
    answer = client.get(shared.url)
    assert answer.status_code == 200
    text = words(answer.text)
    for said in (
        "Ana Sample",
        "Category IFS, IMH-E®",
        "4 h 40 min verified, 1 h 30 min not looked at yet, 3 h booked; 30 h asked",
        "check with First 5 Alabama",
        "Covered : Topic TF.attachment",
        "Not looked at yet : Topic SE.systems",
        "Watching",
        "1.66&nbsp;h",
        "Rosa",
        "Peer groups without a provider do not count.",
        "First 5 Alabama decides what counts",
    ):
        assert said in text, said
    assert "<svg" in answer.text


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_shows_nothing_else_of_the_person(
    client: FlaskClient, cast: Cast, shared: Shared, ending: str
) -> None:
    content = client.get(shared.url + ending).data
    if ending == "/export.pdf":
        said = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(content))
    elif ending == "/export.xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            said = "".join(parts.read(name).decode() for name in parts.namelist())
    else:
        said = content.decode()
    assert "Watching" in said
    for hidden in (cast.ana.email, "Another category of hers", shared.number, "No proof of it", "Withdrawn"):
        assert hidden not in said, hidden


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_site_learns_the_address_and_nobody_keeps_the_answer(
    client: FlaskClient, shared: Shared, ending: str
) -> None:
    headers = client.get(shared.url + ending).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_search_engines_are_told_to_stay_away(client: FlaskClient, shared: Shared) -> None:
    assert '<meta name="robots" content="noindex, nofollow">' in client.get(shared.url).text


@pytest.mark.parametrize("who", ["stranger", "ana", "mira"])
def test_no_form_stands_on_it_whoever_is_signed_in(
    client: FlaskClient, cast: Cast, login_as: LoginAs, shared: Shared, who: str
) -> None:
    browser = client if who == "stranger" else login_as(getattr(cast, who))
    for url in (shared.url, "/shared/nothing"):
        text = browser.get(url).text
        assert "<form" not in text
        assert "csrf_token" not in text


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ran_out_was_taken_back_or_never_was_looks_the_same(
    app: Flask, client: FlaskClient, shared: Shared, ending: str
) -> None:
    never = client.get("/shared/nothing" + ending)
    end(app, revoked_at=clock.now())
    revoked = client.get(shared.url + ending)
    end(app, revoked_at=None, made_at=clock.now() - timedelta(days=9), expires_at=clock.now())
    expired = client.get(shared.url + ending)
    assert [one.status_code for one in (never, revoked, expired)] == [404, 404, 404]
    assert never.data == revoked.data == expired.data
    for answer in (never, revoked, expired):
        answer.headers.pop("X-Request-Id")
    assert dict(never.headers) == dict(revoked.headers) == dict(expired.headers)
    assert "ask whoever gave it to you for another" in never.text


def test_it_opens_until_its_last_moment(client: FlaskClient, shared: Shared) -> None:
    now = clock.now()
    with time_machine.travel(now + timedelta(days=29, hours=23)):
        assert client.get(shared.url).status_code == 200
    with time_machine.travel(now + timedelta(days=30, minutes=1)):
        assert client.get(shared.url).status_code == 404


@pytest.mark.parametrize("ending", ENDINGS)
def test_whatever_is_typed_as_a_key_is_not_found(client: FlaskClient, ending: str) -> None:
    assert {key: client.get(f"/shared/{key}{ending}").status_code for key in GARBAGE} == dict.fromkeys(
        GARBAGE, 404
    )


def test_guessing_is_stopped_and_also_hides_what_is_there(client: FlaskClient, shared: Shared) -> None:
    for number in range(MOST_MISSES):
        assert client.get(f"/shared/guess{number}").status_code == 404
    for ending in ENDINGS:
        assert client.get(shared.url + ending).status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get(shared.url, environ_base=elsewhere).status_code == 200
    with time_machine.travel(clock.now() + WINDOW):
        assert client.get(shared.url).status_code == 200


def test_opening_it_often_is_not_counted_as_guessing(client: FlaskClient, shared: Shared) -> None:
    for _ in range(MOST_MISSES + 5):
        assert client.get(shared.url).status_code == 200


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_can_be_sent_to_it(client: FlaskClient, shared: Shared, ending: str) -> None:
    assert client.post(shared.url + ending).status_code == 405


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_goal_that_was_left_aside_is_not_shown(
    app: Flask, cast: Cast, client: FlaskClient, shared: Shared, ending: str
) -> None:
    """Its links stand on no page any more, so nobody could take them back."""
    with inside(app):
        ana = db.session.get_one(Person, cast.ana.id)
        link = db.session.scalars(sa.select(ShareLink)).one()
        services.drop_goal(link.goal, by=ana)
    assert client.get(shared.url + ending).status_code == 404
