"""A page that was painted once is shown again only as long as it would be painted the same."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from time_machine import travel

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import HourRule, Ledger, Purpose, RuleKind, Topic
from catalog.competencies.services.editing import edit_topic
from catalog.courses.models import Course, CourseArea, CourseState, Kind, Offering
from catalog.enrollment import services
from catalog.extensions import db
from tests import factories as make
from tests.browse.pages import inside, kept_picture
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
Change = Callable[[Course], object]


@pytest.fixture(autouse=True)
def _picture(app: Flask) -> Iterator[None]:
    with kept_picture(app):
        yield


def listed(app: Flask, **fields: object) -> int:
    """A course with one session of five seats; its id."""
    with inside(app):
        course = make.course("Attachment", topics=("TF.attachment",))
        make.category("IFS", asks=(make.topic("TF.attachment"),))
        make.offering(course, **fields)  # type: ignore[arg-type]
        return course.id


def take_seat(app: Flask, course_id: int, person: Person) -> None:
    with inside(app):
        offering = db.session.scalars(sa.select(Offering).filter_by(course_id=course_id)).one()
        services.enroll(db.session.get_one(Person, person.id), offering, by=person)


@pytest.mark.parametrize("url", ["/", "/courses/{}"])
def test_the_seats_are_those_of_this_moment(url: str, app: Flask, client: FlaskClient, cast: Cast) -> None:
    url = url.format(course_id := listed(app))
    assert "5 seats left" in client.get(url).text
    take_seat(app, course_id, cast.ana)
    assert "4 seats left" in client.get(url).text


def test_what_is_mine_is_painted_for_me_alone(
    app: Flask, client: FlaskClient, cast: Cast, login_as: LoginAs
) -> None:
    url = f"/courses/{(course_id := listed(app))}"
    take_seat(app, course_id, cast.ana)
    assert "Your session" in login_as(cast.ana).get(url).text
    assert "Your session" not in login_as(cast.otto).get(url).text
    assert "Your session" not in client.get(url).text


def test_what_only_the_owner_may_do_is_shown_to_the_owner_alone(
    app: Flask, client: FlaskClient, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        url = f"/courses/{make.course(owner_id=cast.ivo.id).id}"
    assert "Edit this course" in login_as(cast.ivo).get(url).text
    assert "Edit this course" not in client.get(url).text
    assert "Edit this course" in login_as(cast.ivo).get(url).text


@pytest.mark.parametrize("url", ["/", "/courses/{}"])
def test_a_message_is_shown_to_whom_it_is_for(url: str, app: Flask, client: FlaskClient) -> None:
    url = url.format(listed(app))
    client.get(url)
    with client.session_transaction() as session:
        session["_flashes"] = [("message", "Only for you.")]
    assert "Only for you." in client.get(url).text
    assert "Only for you." not in client.get(url).text
    assert "Only for you." not in app.test_client().get(url).text


@pytest.mark.parametrize("url", ["/", "/courses/{}"])
def test_nothing_on_a_strangers_page_belongs_to_one_visit(url: str, app: Flask, client: FlaskClient) -> None:
    response = client.get(url.format(listed(app)))
    assert "csrf_token" not in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("url", ["/", "/courses/{}"])
def test_the_signed_in_get_a_page_of_their_own(
    url: str, app: Flask, client: FlaskClient, cast: Cast, login_as: LoginAs
) -> None:
    url = url.format(listed(app))
    assert "Sign out" in login_as(cast.ana).get(url).text
    assert "Sign out" not in client.get(url).text
    assert "Sign out" in login_as(cast.ana).get(url).text


def a_title(course: Course) -> None:
    course.title = "Something new"


def a_review(course: Course) -> None:
    course.areas[0].reviewed_at = clock.now()


def a_place(course: Course) -> None:
    course.offerings[0].place = "Something new"


def a_meeting(course: Course) -> None:
    make.meeting(course.offerings[0], 2, clock.now() + timedelta(days=40))


def a_tag(course: Course) -> None:
    course.tags.append(make.tag())


def a_required_course(course: Course) -> None:
    course.required.append(make.course("First part"))


def an_owner(course: Course) -> None:
    course.owner = make.person("Ivo Sample", is_trainer=True)


def an_area(course: Course) -> None:
    db.session.add(CourseArea(course=course, area=make.area("SE"), basis=course.areas[0].basis))


@pytest.mark.parametrize(
    "change", [a_title, a_review, a_place, a_meeting, a_tag, a_required_course, an_owner, an_area]
)
def test_whatever_the_page_says_is_painted_anew_when_it_changes(
    change: Change, app: Flask, client: FlaskClient
) -> None:
    course_id = listed(app)
    before = client.get(f"/courses/{course_id}").text
    assert client.get(f"/courses/{course_id}").text == before
    with inside(app):
        change(db.session.get_one(Course, course_id))
    assert client.get(f"/courses/{course_id}").text != before


def test_a_change_of_the_framework_shows_at_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    course_id = listed(app)
    assert "check with First 5 Alabama</span>" not in client.get(f"/courses/{course_id}").text
    with inside(app):
        topic = db.session.scalars(sa.select(Topic).filter_by(code="TF.attachment")).one()
        edit_topic(topic, {"confidence": "inferred"}, by=cast.mira)
    assert "check with First 5 Alabama</span>" in client.get(f"/courses/{course_id}").text


def test_a_course_that_is_withdrawn_is_gone_for_strangers(app: Flask, client: FlaskClient) -> None:
    course_id = listed(app)
    assert client.get(f"/courses/{course_id}").status_code == 200
    with inside(app):
        db.session.get_one(Course, course_id).state = CourseState.DRAFT
    assert client.get(f"/courses/{course_id}").status_code == 404


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "after", "said"),
    [
        ({"starts": HOUR}, 2 * HOUR, "Has begun"),
        ({"starts": HOUR}, 5 * HOUR, "Past and cancelled sessions (1)"),
        ({"starts": 9 * HOUR, "closes_at": HOUR}, 2 * HOUR, "Enrollment closed"),
        ({"starts": 9 * HOUR, "opens_at": HOUR}, 2 * HOUR, ">Opens "),
    ],
)
def test_time_alone_makes_a_page_old(
    fields: dict[str, timedelta], after: timedelta, said: str, app: Flask, client: FlaskClient
) -> None:
    now = clock.now().replace(hour=10)
    url = f"/courses/{listed(app, **{name: now + wait for name, wait in fields.items()})}"
    with travel(now, tick=False):
        before = client.get(url).text
    with travel(now + after, tick=False):
        assert (said in client.get(url).text) != (said in before)


def test_rules_change_with_the_day_in_alabama(app: Flask, client: FlaskClient) -> None:
    """On the evening of the 31st it is the 1st in UTC, and the rule that begins then is not in force yet."""
    first = date(2031, 1, 1)
    with inside(app):
        category = make.category("IFS", asks=(make.topic("REF.self"),))
        fields = {"ledger": Ledger.RSC, "purpose": Purpose.FIRST, "kind": RuleKind.MINIMUM, "minutes": 60}
        db.session.add(HourRule(category_id=category.id, edition="test", effective_from=first, **fields))
        url = f"/courses/{make.course(areas=('REF',), kind=Kind.REFLECTIVE_GROUP).id}"
    for at, is_asked in (("2031-01-01T01:00Z", False), ("2031-01-01T07:00Z", True)):
        with travel(datetime.fromisoformat(at), tick=False):
            assert ("Who is asked for RSC hours" in client.get(url).text) is is_asked
