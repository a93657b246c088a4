"""How many statements a page costs: the same for one row and for fifty."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses.search import index
from catalog.enrollment import services
from catalog.extensions import db
from tests import factories as make
from tests.browse.pages import inside, kept_picture
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]

PAGES = [
    "/",
    "/?q=attachment",
    "/?area=TF&county=01101&seats=1",
    "/?show=courses",
    "/?q=attachment&sort=relevance",
]


@pytest.fixture
def _picture(app: Flask) -> Iterator[None]:
    with kept_picture(app):
        yield


def rows(app: Flask, cast: Cast, many: int) -> int:
    """A course with this many offerings, each of a few meetings; its id."""
    with inside(app):
        course = make.course("Attachment", topics=("TF.attachment", "SE.systems"), owner_id=cast.ivo.id)
        make.category("IFS", asks=(make.topic("TF.attachment"),))
        for _ in range(many):
            offering = make.offering(course, meetings=2, trainer_id=cast.ivo.id)
        index(course)
        services.enroll(db.session.get_one(Person, cast.ana.id), offering, by=cast.ana)
        return course.id


def cost(client: FlaskClient, url: str) -> int:
    """Statements of the second visit; the first one draws the picture. BEGIN is none."""
    assert client.get(url).status_code == 200
    with counted() as seen:
        assert client.get(url).status_code == 200
    return len([statement for statement in seen if not statement.startswith("BEGIN")])


@pytest.mark.usefixtures("_picture")
@pytest.mark.parametrize("many", [1, 50])
@pytest.mark.parametrize("url", PAGES)
def test_the_catalog_page_costs_at_most_five(
    url: str, many: int, app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    rows(app, cast, many)
    # The home page itself asks once more, whether something of the reader's own is due.
    assert cost(login_as(cast.ana), url) <= (3 if url == "/" else 2)


@pytest.mark.usefixtures("_picture")
@pytest.mark.parametrize("many", [1, 50])
def test_the_course_page_costs_two_with_the_sign_in(
    many: int, app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    course_id = rows(app, cast, many)
    assert cost(login_as(cast.ana), f"/courses/{course_id}") == 2


@pytest.mark.usefixtures("_picture")
@pytest.mark.parametrize("meetings", [1, 30])
def test_the_offering_page_costs_the_same_however_many_meetings(
    meetings: int, app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    with inside(app):
        offering = make.offering(make.course(areas=("TF",)), meetings=meetings, trainer_id=cast.ivo.id)
        for meeting in offering.meetings:
            meeting.co_trainers.append(db.session.get_one(Person, cast.mira.id))
    assert cost(login_as(cast.ana), f"/offerings/{offering.id}") <= 12


def test_drawing_the_picture_costs_the_same_however_many_rows(app: Flask, client: FlaskClient) -> None:
    costs = []
    for many in (1, 20):
        for _ in range(many):
            _more(app)
        costs.append(cost(client, "/"))
    assert costs[0] == costs[1]


def _more(app: Flask) -> None:
    with inside(app):
        make.offering(make.course(areas=("TF",)))


AREAS = {
    "TF": "Theoretical Foundations",
    "LRAP": "Law, Regulation & Agency Policy",
    "SE": "Systems Expertise",
    "DSS": "Direct Service Skills",
    "WWO": "Working with Others",
    "COM": "Communicating",
    "THK": "Thinking",
    "REF": "Reflection",
}


@pytest.mark.usefixtures("_picture")
def test_a_full_page_stays_under_forty_kilobytes(app: Flask, client: FlaskClient) -> None:
    title = "Supporting a baby's social and emotional development, and the essential role of caregivers"
    with inside(app):
        for code, name in AREAS.items():
            make.area(code, name=name)
        for number in range(30):
            make.offering(
                make.course(f"{title} {number}", areas=("TF", "SE", "REF")), county=f"01{2 * number + 1:03}"
            )
    page = client.get("/").data
    # Numbers of rows grow: with six more digits each it must hold as well.
    assert len(page) + page.count(b"=/offerings/") * 2 * 6 < 40_000
