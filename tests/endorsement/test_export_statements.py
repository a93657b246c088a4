"""Every page and file of the export asks as few statements for hundreds of lines as for a few."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.endorsement import services
from catalog.endorsement.models import Goal
from catalog.extensions import db
from tests.attendance.sheets import inside
from tests.endorsement import applications
from tests.endorsement.applications import many, many_certificates
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
MOST = 16


def test_three_hundred_lines_take_as_many_statements_as_three(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    scene, browser = applications.scene(app, cast), login_as(cast.ana)
    counts: dict[str, list[int]] = {}
    with inside(app):
        goal = db.session.get_one(Goal, scene.goal_id)
        key = services.make_share(goal, "Rosa", 7, by=db.session.get_one(Person, cast.ana.id))
    urls = [scene.url(ending) for ending in ("", ".xlsx", ".csv", "-rsc.csv", ".pdf")]
    urls += [f"/shared/{key}"]
    for more in (0, 300):
        many(app, cast.ana, more)
        many_certificates(app, cast.ana, more // 10)
        for url in urls:
            with counted() as statements:
                assert browser.get(url).status_code == 200
            counts.setdefault(url, []).append(len(statements))
    assert {url: few for url, (few, lots) in counts.items() if few != lots or few > MOST} == {}
