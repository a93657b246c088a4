"""Who may have the export of a goal: the person and the coordinators, and nobody else."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db
from tests.attendance.sheets import inside
from tests.endorsement import applications
from tests.factories import Cast

ENDINGS = ("", ".xlsx", ".csv", "-rsc.csv", ".pdf", ".zip")
LoginAs = Callable[[Person], FlaskClient]


@pytest.mark.parametrize("ending", ENDINGS)
def test_only_the_person_and_coordinators_have_it(
    app: Flask, cast: Cast, login_as: LoginAs, client: FlaskClient, ending: str
) -> None:
    url = applications.scene(app, cast).url(ending)
    assert login_as(cast.ana).get(url).status_code == 200
    assert client.get(url).location.startswith("/sign-in")
    for stranger in (cast.otto, cast.ivo):
        assert login_as(stranger).get(url).status_code == 404
    for coordinator in (cast.mira, cast.ada):
        assert login_as(coordinator).get(url).status_code == 200
    assert login_as(cast.ana).post(url).status_code == 405
    assert login_as(cast.ana).get(url.replace("/goal/", "/goal/9")).status_code == 404


def test_files_are_saved_under_a_name_and_kept_by_no_cache(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    scene, browser = applications.scene(app, cast), login_as(cast.ana)
    for ending, name in (
        (".xlsx", "Application Ana Sample IFS.xlsx"),
        (".csv", "Application Ana Sample IFS.csv"),
        ("-rsc.csv", "Application Ana Sample IFS RSC.csv"),
        (".pdf", "Application Ana Sample IFS.pdf"),
        (".zip", "Application Ana Sample IFS.zip"),
    ):
        headers = browser.get(scene.url(ending)).headers
        assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert headers["Cache-Control"] == "no-store"


def test_a_name_in_any_script_is_said_in_plain_letters_and_spelled_out(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    scene, browser = applications.scene(app, cast), login_as(cast.ana)
    with inside(app):
        db.session.get_one(Person, cast.ana.id).name = 'María أمينة "王" \\ / Müller'
    for ending in ENDINGS[1:]:
        said = browser.get(scene.url(ending)).headers["Content-Disposition"]
        assert said.isascii(), "servers refuse to send anything else"
        assert said.startswith('attachment; filename="Application Maria __ - - Muller IFS')
        assert "filename*=UTF-8''Application%20Mar%C3%ADa%20%D8%A3" in said
