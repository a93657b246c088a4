"""Every route as every kind of person: what `catalog.access` says is what happens, and numbers give nothing away."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import Rule as Route

from catalog.access import IN_PART, RULES, Others, Rule, Who
from catalog.accounts.models import Person
from catalog.enrollment.services import at_once
from catalog.extensions import db
from tests.access.world import Numbers, World

LoginAs = Callable[[Person], FlaskClient]
FAR = 700_000
"""Added to a number, it is the number of nothing."""
ANSWERED_BY_SERVER = {"static", "htmx", "health"}
FORM_TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
"""Every page has a token of its own; what else differs, differs by who asks and for what."""
PUBLIC = {"offering_id", "meeting_id", "course_id", "nth", "group_id"}
"""What is shown to everybody anyhow; to say that it is there tells nothing."""
LACKS = {
    "attendance.take_in": "a person is chosen in the form",
    "checkin.close_door": "the door was never opened",
    "checkin.new_codes": "the door was never opened",
    "coordinating.not_the_same": "two people are chosen in the form",
    "factors.ask_to_confirm": "there is no passkey",
    "factors.make_codes": "there is no second step",
    "organisation.back": "there is no provider",
    "organisation.begin": "there is no provider",
    "organisation.index": "there is no provider",
    "organisation.link": "there is no provider",
    "organisation.unlink": "there is no provider",
    "calendars.feed": "the address has another token",
    "notices.report": "no mail server's secret is set",
    "notices.try_again": "the address takes mail",
    "notices.try_own_again": "the address takes mail",
    "reports.csv": "a table is named in the address",
    "watching.figures": "no secret is set for who asks",
    "reports.rows": "a figure is named in the address",
}
"""Routes that answer 404 to those who may as well, because something is missing that does not depend on who asks."""


class Reached(Exception):
    """The view was about to commit, so whoever asked may. Nothing is written."""


@pytest.fixture
def browser(
    app: Flask, login_as: LoginAs, world: World, who: Who, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FlaskClient]:
    """Whatever it asks for, nothing is written."""
    # On PostgreSQL its statement stands alone and is committed with itself.
    monkeypatch.setattr(at_once, "seat", _stop)
    app.config["WTF_CSRF_ENABLED"] = False
    person = world.people[who]
    made = app.test_client() if person is None else login_as(person)
    event.listen(db.session, "before_commit", _stop)
    yield made
    event.remove(db.session, "before_commit", _stop)


def _stop(*_words: object, **_named: object) -> None:
    raise Reached


def routes(app: Flask) -> list[Route]:
    return [route for route in app.url_map.iter_rules() if route.endpoint not in ANSWERED_BY_SERVER]


def method_of(route: Route) -> str:
    return "GET" if "GET" in (route.methods or ()) else "POST"


def numbers_of(route: Route, world: World) -> Numbers:
    given = {**world.numbers, **world.elsewhere.get(route.endpoint, {})}
    return {name: given[name] for name in route.arguments}


def address(app: Flask, route: Route, numbers: Numbers) -> str:
    with app.test_request_context():
        return app.url_map.bind("").build(route.endpoint, {name: numbers[name] for name in route.arguments})


def ask(app: Flask, browser: FlaskClient, method: str, url: str, **headers: str) -> tuple[int | str, str]:
    """The status, or "sign in", or "done"; and the page, without its own address in it."""
    # No message of an earlier answer stands on this page.
    browser.delete_cookie("session")
    try:
        answer = browser.open(url, method=method, headers=headers, buffered=True)
    except Reached:
        return "done", ""
    finally:
        with app.app_context():
            db.session.rollback()
    led = answer.headers.get("Location", answer.headers.get("HX-Redirect", ""))
    if answer.status_code in (303, 401) and led.startswith("/sign-in"):
        return "sign in", ""
    is_text = answer.mimetype == "text/html"
    return answer.status_code, FORM_TOKEN.sub("", answer.text.replace(url, "")) if is_text else ""


def expected(rule: Rule, who: Who) -> int | str | None:
    """What somebody is told who may not; None for those who may."""
    if who in rule.may:
        return None
    if who == Who.STRANGER:
        return "sign in"
    is_hidden = rule.others == Others.HIDDEN and who not in rule.sees
    return 404 if is_hidden or who in rule.unseen else 403


def is_wrong(route: Route, rule: Rule, who: Who, told: int | str) -> bool:
    refusal = expected(rule, who)
    if refusal is not None:
        return told != refusal
    return told in ("sign in", 403, 405, 500) or (told == 404 and route.endpoint not in LACKS)


def test_every_route_has_its_line_and_every_line_its_route(app: Flask) -> None:
    assert {route.endpoint for route in app.url_map.iter_rules()} == set(RULES)


def test_every_route_only_reads_or_only_writes(app: Flask) -> None:
    kinds = [(route.endpoint, set(route.methods or ()) - {"HEAD", "OPTIONS"}) for route in routes(app)]
    assert [endpoint for endpoint, methods in kinds if methods not in ({"GET"}, {"POST"})] == []


@pytest.mark.parametrize("who", Who)
def test_each_kind_of_person_may_what_the_table_says_and_a_number_tells_the_others_nothing(
    app: Flask, browser: FlaskClient, world: World, who: Who
) -> None:
    wrong: dict[str, int | str] = {}
    tells: list[str] = []
    for route in routes(app):
        rule, known = RULES[route.endpoint], numbers_of(route, world)
        there = ask(app, browser, method_of(route), address(app, route, known))
        if is_wrong(route, rule, who, there[0]):
            wrong[route.endpoint] = there[0]
        if who in rule.may | rule.sees:
            continue
        others = [address(app, route, numbers) for numbers in farther(route, rule, who, known)]
        tells += [url for url in others if ask(app, browser, method_of(route), url) != there]
    assert (wrong, tells) == ({}, [])


@pytest.mark.parametrize("who", Who)
def test_a_part_of_a_page_is_for_those_who_may_see_the_page(
    app: Flask, browser: FlaskClient, world: World, who: Who
) -> None:
    wrong = {}
    for route in routes(app):
        if method_of(route) == "GET":
            url = address(app, route, numbers_of(route, world))
            told, _ = ask(app, browser, "GET", url, **{"HX-Request": "true"})
            if is_wrong(route, RULES[route.endpoint], who, told):
                wrong[route.endpoint] = told
    assert wrong == {}


def farther(route: Route, rule: Rule, who: Who, numbers: Numbers) -> Iterator[Numbers]:
    """The numbers with each private one changed to that of nothing, and all of them where none is public."""
    named = [name for name in route.arguments if isinstance(numbers[name], int)]
    private = [name for name in named if name not in PUBLIC]
    for name in private:
        yield {**numbers, name: int(numbers[name]) + FAR}
    # Whoever coordinates a part is told which public session is of it, and which is not.
    if named and rule.others != Others.OF_PUBLIC and who not in IN_PART:
        yield {**numbers, **{name: int(numbers[name]) + FAR for name in named}}


@pytest.mark.parametrize("who", [Who.PROFESSIONAL, Who.OTHER_TRAINER])
def test_a_course_that_is_not_public_and_its_sessions_are_not_there(
    app: Flask, browser: FlaskClient, world: World, who: Who
) -> None:
    shown = {}
    for route in routes(app):
        if not route.arguments & set(world.drafts) or RULES[route.endpoint].others == Others.BY_ROLE:
            continue
        url = address(app, route, {**numbers_of(route, world), **world.drafts})
        told, _ = ask(app, browser, method_of(route), url)
        if told not in ("sign in", 404):
            shown[route.endpoint] = told
    assert shown == {}
