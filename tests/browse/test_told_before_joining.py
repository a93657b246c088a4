"""What everybody reads before they join: the rule for hours, and that RSC hours will not count."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person, Qualification
from catalog.competencies.models import Ledger
from catalog.courses import rsc
from catalog.courses.models import CreditRule, Kind, MeetingKind, Offering
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.browse.pages import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


def group(ivo: Person | None, meetings: int = 2) -> Offering:
    course = make.course(kind=Kind.REFLECTIVE_GROUP, areas=("REF",), credit_rule=CreditRule.PER_MEETING)
    offering = make.offering(course, meetings=meetings, trainer_id=ivo.id if ivo else None)
    for meeting in offering.meetings:
        meeting.ledger = Ledger.RSC
    db.session.flush()
    return offering


def qualify(person: Person, **held: date) -> Qualification:
    made = Qualification(person_id=person.id, label="Sample supervisor", provides_rsc=True, **held)
    db.session.add(made)
    db.session.flush()
    return made


@pytest.fixture
def url(app: Flask, cast: Cast) -> str:
    """A group of Ivo's, who holds no qualification."""
    with inside(app):
        return f"/offerings/{group(cast.ivo).id}"


WARNING = "Ivo Sample holds no qualification to provide RSC on "


@pytest.mark.parametrize("path", ["", "/enrollments/new"])
def test_the_warning_and_the_rule_stand_before_the_button(
    url: str, path: str, cast: Cast, login_as: LoginAs
) -> None:
    page = login_as(cast.ana).get(url + path).text
    assert page.index(WARNING) < page.index("Take a seat</button>")
    assert page.index("The minutes attended, meeting by meeting.") < page.index("Take a seat</button>")
    assert "These are group hours and do not count as RSC hours." in page


def test_strangers_read_it_too(url: str, client: FlaskClient) -> None:
    assert WARNING in client.get(url).text


def test_with_a_qualification_there_is_no_warning(
    app: Flask, url: str, cast: Cast, client: FlaskClient
) -> None:
    with inside(app):
        qualify(cast.ivo)
    assert "holds no qualification" not in client.get(url).text


def test_what_was_said_is_kept_with_the_enrollment(
    app: Flask, url: str, cast: Cast, login_as: LoginAs
) -> None:
    login_as(cast.ana).post(f"{url}/enrollments", data={"warned": "1"})
    with inside(app):
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "enrollment.seated")
        ).one()
        letter = db.session.scalars(sa.select(Job).where(Job.kind == "mail")).one()
    assert entry.details["told"].startswith(WARNING)
    assert WARNING in letter.payload["text"]


def test_nothing_is_kept_where_nothing_was_to_say(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        offering_id = make.offering().id
    login_as(cast.ana).post(f"/offerings/{offering_id}/enrollments", data={"warned": "1"})
    with inside(app):
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "enrollment.seated")
        ).one()
    assert "told" not in entry.details


# The sentence.


@pytest.fixture
def ivo(context: None) -> Person:
    return make.person("Ivo Sample", is_trainer=True)


def day_of(offering: Offering, number: int) -> date:
    return offering.meetings[number - 1].starts_wall.date()


def test_only_the_days_without_a_qualification_are_named(ivo: Person) -> None:
    offering = group(ivo, meetings=3)
    held = qualify(ivo, held_from=day_of(offering, 2))
    said = rsc.warning(offering, [held])
    assert said.count(str(day_of(offering, 1).year)) == 1
    assert "The hours of 1 meeting are group hours" in said
    assert said.endswith("those of the other 2 meetings do.")


def test_many_days_are_counted(ivo: Person) -> None:
    assert "and 9 more days. These are group hours" in rsc.warning(group(ivo, meetings=12), [])


def test_without_a_facilitator_it_says_so(context: None) -> None:
    assert rsc.warning(group(None), []).startswith("No facilitator is named yet.")


def test_training_alone_warns_of_nothing(ivo: Person) -> None:
    assert rsc.warning(make.offering(trainer_id=ivo.id), []) == ""


@pytest.mark.parametrize(("until", "counts"), [(0, True), (-1, False)])
def test_individual_hours_count_when_the_facilitator_was_qualified_to_their_last_day(
    ivo: Person, until: int, counts: bool
) -> None:
    offering = group(ivo, meetings=1)
    [work] = offering.meetings
    work.kind, work.ends_wall = MeetingKind.INDIVIDUAL, work.starts_wall + timedelta(days=30)
    held = qualify(ivo, held_until=work.ends_wall.date() + timedelta(days=until))
    assert rsc.counts(work, [held]) is counts


def test_each_of_two_qualifications_may_cover_one_end(ivo: Person) -> None:
    offering = group(ivo, meetings=2)
    first = qualify(ivo, held_until=day_of(offering, 1))
    second = qualify(ivo, held_from=day_of(offering, 2))
    assert rsc.warning(offering, [first, second]) == ""
