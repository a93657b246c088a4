"""Every page, as everyone who may see it, on the phone and the desk, light and dark, in a full catalog and in an
empty one: axe has nothing to say, nothing hangs over the edge, and what is tapped is large enough for a finger."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, product
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from catalog.accounts.models import Person
from catalog.coordinating.queries.lists import LISTED
from catalog.courses.models import CourseState
from catalog.enrollment import services
from catalog.extensions import db
from catalog.reports import desk
from tests import factories as make
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.demo import Site
from tests.browser.steps import inside
from tests.endorsement.goals import goal
from tests.factories import Cast
from tests.servers import Browser
from tests.test_every_page import NO_PAGES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

ROLES = ("stranger", "ana", "ivo", "mira", "ada")
FORMS = {"courses.edit", "courses.mapping", "courses.new_offering", "courses.edit_offering", "enrollment.new"}
"""These are alike for every state of a thing, so two of each kind are enough."""
TARGET = 44

SMALL = """least => [...document.querySelectorAll(
    "button, .button, summary, select, textarea, input:not([type=hidden], [type=checkbox], [type=radio]), " +
    ".choice, .chip, .site-nav > a, .pager a, .marks > *")]
  .filter(it => it.checkVisibility() && !it.matches(".visually-hidden"))
  .filter(it => it.getBoundingClientRect().height < least - .5)
  .map(it => `${it.className || it.tagName} "${it.textContent.trim().slice(0, 30)}"`)"""
WIDER = """() => document.documentElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll("main *")].filter(it => it.getBoundingClientRect().right > innerWidth + 1)
      .map(it => it.tagName + "." + it.className).slice(-1).concat("page") : []"""
UNFOLD = "document.querySelectorAll('main details').forEach(it => { it.open = true })"

Complaints = Callable[..., list[str]]


def wrongs(page: Page, complaints_of: Complaints) -> Iterator[str]:
    """What is wrong with the page that is open on the phone; folded parts are looked at unfolded."""
    page.evaluate(UNFOLD)
    yield from (f"axe: {found}" for found in complaints_of(page))
    yield from (f"smaller than a finger: {found}" for found in page.evaluate(SMALL, TARGET))
    yield from (f"too wide for the phone: {found}" for found in page.evaluate(WIDER))
    page.emulate_media(color_scheme="dark")
    yield from (f"axe, dark: {found}" for found in complaints_of(page, "color-contrast"))
    page.set_viewport_size(DESK)
    yield from (f"too wide for the desk: {found}" for found in page.evaluate(WIDER))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)


def look(page: Page, paths: list[str], complaints_of: Complaints, seen: set[str]) -> dict[str, list[str]]:
    """What is wrong, by path. Passed over is what this role may not see, and what another role was shown before."""
    found = {}
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    asking = Browser(int(page.url.split(":")[2].split("/")[0]), cookies)
    for path in paths:
        answer = asking.get(path)
        content = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.body.partition("<main")[2])
        if answer.status == 200 and content not in seen:
            seen.add(content)
            page.goto(path)
            found[path] = list(wrongs(page, complaints_of))
    assert found, "nothing was looked at"
    return {path: sentences for path, sentences in found.items() if sentences}


def paths_of(app: Flask, numbers: dict[str, list[Any]]) -> list[str]:
    """The address of every page there is, with each of the numbers given for its arguments."""
    paths = []
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    with app.test_request_context():
        urls = app.url_map.bind("")
        for rule in rules:
            if rule.endpoint in NO_PAGES:
                continue
            names = sorted(rule.arguments)
            given = [dict(zip(names, of, strict=True)) for of in product(*(numbers[name] for name in names))]
            for values in given[: 2 if rule.endpoint in FORMS else None]:
                # "kind" is a kind of policy for one page and a list of the desk for another.
                with suppress(ValueError):
                    paths.append(urls.build(rule.endpoint, values))
    return paths


# A full catalog: the demo.

TWINS = "SELECT name FROM person GROUP BY name HAVING count(*) > 1"
FIRST_OF_EACH = {
    "course_id": (
        "SELECT min(id) FROM course GROUP BY state",
        "SELECT min(id) FROM course WHERE apply_url <> ''",
        "SELECT min(course_id) FROM offering WHERE starts_at > CURRENT_TIMESTAMP AND trainer_id = ("
        "SELECT id FROM person WHERE email = 'ivo@example.org')",
    ),
    "offering_id": (
        "SELECT min(id) FROM offering WHERE state = 'cancelled' OR starts_at IS NULL GROUP BY state",
        "SELECT min(id) FROM offering WHERE needs_approval OR question <> '' GROUP BY needs_approval",
        "SELECT max(offering_id) FROM enrollment WHERE state IN ('offered', 'waiting') GROUP BY state",
        "SELECT max(offering_id) FROM roster_closing",
        "SELECT max(id) FROM offering WHERE ends_at < CURRENT_TIMESTAMP AND id NOT IN "
        "(SELECT offering_id FROM roster_closing)",
    ),
    "enrollment_id": (
        "SELECT min(id) FROM enrollment GROUP BY state",
        "SELECT max(enrollment_id) FROM mark WHERE meeting_id = (SELECT min(meeting_id) FROM mark)",
    ),
    "meeting_id": (
        "SELECT min(meeting_id) FROM mark",
        "SELECT max(meeting_id) FROM mark",
        "SELECT min(id) FROM meeting WHERE starts_at > CURRENT_TIMESTAMP",
        "SELECT min(id) FROM meeting WHERE kind <> 'sitting'",
    ),
    "dispute_id": ("SELECT min(id) FROM dispute GROUP BY state",),
    "number": (
        "SELECT min(number) FROM certificate GROUP BY kind, superseded_at IS NULL, revoked_at IS NULL",
    ),
    "person_id": ("SELECT id FROM person WHERE email IN ('ana@example.org', 'ivo@example.org')",),
    "education_id": ("SELECT min(id) FROM education GROUP BY state",),
    "certificate_course_id": ("SELECT DISTINCT course_id FROM course_component",),
    "area_id": ("SELECT min(id) FROM area",),
    "topic_id": ("SELECT min(id) FROM topic",),
    "rule_id": ("SELECT min(id) FROM hour_rule",),
    "category_id": ("SELECT min(id) FROM category",),
    "goal_id": (
        "SELECT min(id) FROM goal WHERE person_id IN (SELECT id FROM person WHERE email IN "
        "('ana@example.org', 'ivo@example.org')) GROUP BY category_id",
    ),
    "endorsed_id": ("SELECT min(id) FROM endorsed GROUP BY provides_rsc",),
    "entry_id": ("SELECT min(id) FROM hour_entry GROUP BY state, ledger",),
    "import_id": ("SELECT min(id) FROM hour_import",),
    "policy_id": ("SELECT min(id) FROM policy GROUP BY kind",),
    "tag_id": ("SELECT min(id) FROM hour_tag",),
    "group_id": (
        "SELECT min(offering.id) FROM offering JOIN course ON course.id = course_id "
        "WHERE course.kind = 'reflective_group' GROUP BY offering.state, ends_at < CURRENT_TIMESTAMP",
    ),
    "search_id": ("SELECT min(id) FROM saved_search",),
    "kept_id": (
        "SELECT min(id) FROM person WHERE name = (SELECT name FROM person GROUP BY name HAVING count(*) > 1)",
    ),
    "gone_id": (
        "SELECT max(id) FROM person WHERE name = (SELECT name FROM person GROUP BY name HAVING count(*) > 1)",
    ),
}
LETTERS = ["seat.taken", "roster.overdue"]
MAILED = ("sign_up_key", "reset_key", "verify_key", "address_key", "not_me_key", "stay_token", "leave_key")
KINDS = ["providers", "sources", "cycle", *LISTED]
REPORTS = [one.key for one in desk.ALL]
SEARCHES = ["/?q=attachment&kind=in_service&price=free", "/?show=courses&q=reflective", "/?q=xyzzy"]


@pytest.fixture(scope="module")
def full(app: Flask, demo: Site) -> list[str]:
    # The demo has no report that waits, no unclaimed account, no link to a goal, no plan and no reckoning under way;
    # their pages have tests of their own.
    absent = (
        "report_id",
        "signed",
        "token",
        *MAILED,
        "key",
        "plan_id",
        "recount_id",
        "merge_id",
        "table_id",
        "material_id",
    )
    numbers: dict[str, list[Any]] = {
        **{name: [] for name in absent},
        **{
            name: sorted(set(chain.from_iterable(demo.ids(statement) for statement in statements)))
            for name, statements in FIRST_OF_EACH.items()
        },
        "kind": KINDS,
        "letter_kind": LETTERS,
        "name": REPORTS,
        "nth": [1],
    }
    return paths_of(app, numbers) + SEARCHES


@pytest.fixture(scope="module")
def seen() -> set[str]:
    return set()


@pytest.mark.parametrize("role", ROLES)
def test_a_full_catalog_is_fit_for_everyone(
    full: list[str], open_demo: Open, complaints_of: Complaints, seen: set[str], role: str
) -> None:
    assert look(open_demo(role), full, complaints_of, seen) == {}


# An empty one: accounts, and one bare thing of each kind.


@pytest.fixture
def empty(app: Flask, cast: Cast) -> list[str]:
    with inside(app):
        ivo, otto = (db.session.get_one(Person, person.id) for person in (cast.ivo, cast.otto))
        course = make.course("A course with nothing", owner_id=ivo.id)
        draft = make.course("A draft with nothing", owner_id=ivo.id, state=CourseState.DRAFT, minutes=None)
        deserted = make.offering(course, seats=3, trainer_id=ivo.id)
        alone = services.add(otto, make.offering(course, seats=None, trainer_id=ivo.id, meetings=0), by=ivo)
        numbers: dict[str, list[Any]] = {
            "course_id": [course.id, draft.id],
            "offering_id": [deserted.id, alone.offering_id],
            "enrollment_id": [alone.id],
            "person_id": [otto.id],
            "meeting_id": [deserted.meetings[0].id],
            "goal_id": [goal(otto, make.category()).id],
        }
        nothing: dict[str, list[Any]] = {
            "endorsed_id": [],
            "entry_id": [],
            "import_id": [],
            "kind": KINDS,
            "letter_kind": LETTERS,
            "signed": [],
            "plan_id": [],
            "policy_id": [],
            "recount_id": [],
            "tag_id": [],
            "dispute_id": [],
            "number": [],
            "report_id": [],
            "token": [],
            **{name: [] for name in MAILED},
            "key": [],
            "name": REPORTS,
            "nth": [1],
            **{name: [] for name in ("group_id", "search_id", "merge_id", "table_id", "material_id")},
            **{name: [] for name in ("kept_id", "gone_id")},
            "education_id": [],
            "certificate_course_id": [],
            "area_id": [],
            "topic_id": [],
            "rule_id": [],
            "category_id": [],
        }
    return paths_of(app, numbers | nothing)


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_catalog_is_fit_for_everyone(
    cast: Cast, empty: list[str], open_as: Open, complaints_of: Complaints, seen: set[str], role: str
) -> None:
    page = open_as(getattr(cast, role, None))
    assert look(page, empty, complaints_of, seen) == {}


# What the loop above does not see.


def test_the_menus_of_the_header_are_fit_for_everyone(open_demo: Open, complaints_of: Complaints) -> None:
    page = open_demo("mira", "/learning")
    for name in ("Coordinate", "Mira"):
        page.locator("summary", has_text=name).click()
        assert complaints_of(page) == []
        assert page.evaluate(WIDER) == []
    page.keyboard.press("Escape")
    expect(page.locator(".menu[open]")).to_have_count(0)
    expect(page.locator("summary", has_text="Mira")).to_be_focused()


def test_a_form_with_problems_is_fit_for_everyone(open_demo: Open, complaints_of: Complaints) -> None:
    page = open_demo("ivo", "/courses/new")
    page.get_by_label("Length", exact=True).fill("a morning")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.locator("#error-summary")).to_be_focused()
    assert list(wrongs(page, complaints_of)) == []
