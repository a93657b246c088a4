"""A course is changed by whoever looks after it, and never over somebody else's change unseen."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses import services
from catalog.courses.models import Course, CourseState, Format
from catalog.courses.refusals import FieldsRefused, Stale
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from tests import factories as make
from tests.courses.desk import course_fields, inside, own
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def draft(app: Flask, cast: Cast) -> int:
    with inside(app):
        return make.course("Attachment", state=CourseState.DRAFT, owner_id=cast.ivo.id, minutes=360).id


def test_the_form_shows_the_course_and_saves_it_back(
    app: Flask, cast: Cast, login_as: LoginAs, draft: int
) -> None:
    browser = login_as(cast.ivo)
    assert 'value="6 h"' in browser.get(f"/courses/{draft}/edit").text
    answer = browser.post(
        f"/courses/{draft}", data=course_fields(title="Bonds", minutes="5", format="hybrid")
    )
    assert (answer.status_code, answer.location) == (303, f"/courses/{draft}/review")
    with inside(app):
        course = db.session.get_one(Course, draft)
        assert (course.title, course.minutes, course.format) == ("Bonds", 300, Format.HYBRID)
        assert course.version == 2


def test_old_and_new_are_noted(app: Flask, cast: Cast, login_as: LoginAs, draft: int) -> None:
    login_as(cast.ivo).post(f"/courses/{draft}", data=course_fields(title="Bonds", minutes="6"))
    with inside(app):
        entry = db.session.scalars(sa.select(AuditEntry)).one()
        assert (entry.action, entry.details["changed"]) == (
            "course.edited",
            {"title": ["Attachment", "Bonds"]},
        )


def test_whoever_is_not_signed_in_is_asked_to(client: FlaskClient, draft: int) -> None:
    assert client.get(f"/courses/{draft}/edit").status_code == 303


def test_an_unpublished_course_is_not_there_for_others(
    app: Flask, cast: Cast, login_as: LoginAs, draft: int
) -> None:
    with inside(app):
        pat = make.person("Pat Sample", is_trainer=True)
    for stranger in (pat, cast.ana):
        assert login_as(stranger).get(f"/courses/{draft}/edit").status_code == 404
        assert login_as(stranger).post(f"/courses/{draft}", data=course_fields()).status_code == 404


def test_somebody_elses_published_course_is_not_theirs(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course(owner_id=cast.mira.id)
    assert login_as(cast.ivo).get(f"/courses/{course.id}/edit").status_code == 403
    assert login_as(cast.ana).post(f"/courses/{course.id}", data=course_fields()).status_code == 403


def test_an_owner_who_teaches_no_more_cannot_change_it(
    app: Flask, cast: Cast, login_as: LoginAs, draft: int
) -> None:
    with inside(app):
        own(cast.ivo).is_trainer = False
    assert login_as(cast.ivo).get(f"/courses/{draft}/edit").status_code == 404


def test_a_coordinator_may_change_any(cast: Cast, login_as: LoginAs, draft: int) -> None:
    assert login_as(cast.mira).post(f"/courses/{draft}", data=course_fields()).status_code == 303


@pytest.mark.parametrize("unknown", [0, 999, 2**31, 10**30])
def test_an_unknown_course_is_not_there(cast: Cast, login_as: LoginAs, unknown: int) -> None:
    assert login_as(cast.mira).get(f"/courses/{unknown}/edit").status_code == 404


def test_bad_input_keeps_what_was_typed(cast: Cast, login_as: LoginAs, draft: int) -> None:
    answer = login_as(cast.ivo).post(f"/courses/{draft}", data=course_fields(title="", provider="Kept"))
    assert answer.status_code == 422
    assert "Give the course a title." in answer.text
    assert 'value="Kept"' in answer.text


# Two people at once.


def test_an_old_page_is_refused_with_a_way_on(app: Flask, cast: Cast, login_as: LoginAs, draft: int) -> None:
    login_as(cast.mira).post(f"/courses/{draft}", data=course_fields(title="Bonds", provider="Theirs"))
    late = login_as(cast.ivo)
    answer = late.post(f"/courses/{draft}", data=course_fields(title="Ties", provider="Mine"))
    assert answer.status_code == 409
    assert "Somebody saved a change while you were writing" in answer.text
    assert 'value="Ties"' in answer.text, "what was typed is still there"
    assert "<dd>Bonds</dd>" in answer.text, "and what is saved stands beside it"
    assert f'href="/courses/{draft}/edit"' in answer.text
    with inside(app):
        assert db.session.get_one(Course, draft).title == "Bonds"


def test_saving_once_more_after_that_is_meant(app: Flask, cast: Cast, login_as: LoginAs, draft: int) -> None:
    login_as(cast.mira).post(f"/courses/{draft}", data=course_fields(title="Bonds"))
    browser = login_as(cast.ivo)
    answer = browser.post(f"/courses/{draft}", data=course_fields(title="Ties"))
    assert 'name="version" value="2"' in answer.text
    assert browser.post(f"/courses/{draft}", data=course_fields(title="Ties", version="2")).status_code == 303


def test_a_form_that_comes_back_keeps_its_old_version(cast: Cast, login_as: LoginAs, draft: int) -> None:
    login_as(cast.mira).post(f"/courses/{draft}", data=course_fields(title="Bonds"))
    answer = login_as(cast.ivo).post(f"/courses/{draft}", data=course_fields(title=""))
    assert answer.status_code == 422
    assert 'name="version" value="1"' in answer.text


@pytest.mark.parametrize("version", ["", "x", "-1", "0", str(10**30)])
def test_a_version_that_never_was_is_stale(cast: Cast, login_as: LoginAs, draft: int, version: str) -> None:
    answer = login_as(cast.ivo).post(f"/courses/{draft}", data=course_fields(version=version))
    assert answer.status_code == 409


@pytest.mark.usefixtures("context")
def test_the_database_has_the_last_word_on_the_version() -> None:
    mira = make.person("Mira Sample", coordinates=True)
    course = make.course("Attachment")
    behind = sa.update(Course).values(version=2).execution_options(synchronize_session=False)
    db.session.execute(behind)
    assert course.version == 1, "this session has not seen the other save"
    with pytest.raises(Stale):
        services.edit(course, {"title": "Ties"}, set(), 1, by=mira)


# Rules across objects.


@pytest.mark.usefixtures("context")
def test_a_course_never_becomes_shorter_than_its_areas() -> None:
    ivo = make.person("Ivo Sample", is_trainer=True)
    course = make.course(areas=("TF",), minutes=360)
    course.areas[0].minutes = 300
    db.session.flush()
    with pytest.raises(FieldsRefused, match="already split 5 h"):
        services.edit(course, {"minutes": 240}, set(), 1, by=ivo)


@pytest.mark.usefixtures("context")
def test_courses_cannot_wait_for_each_other() -> None:
    ivo = make.person("Ivo Sample", is_trainer=True)
    first, second, third = make.course(), make.course(), make.course()
    services.edit(second, {}, {first.id}, 1, by=ivo)
    services.edit(third, {}, {second.id}, 1, by=ivo)
    with pytest.raises(FieldsRefused, match="nobody could begin"):
        services.edit(first, {}, {third.id}, 1, by=ivo)


def test_a_prerequisite_is_chosen_by_its_title(app: Flask, cast: Cast, login_as: LoginAs, draft: int) -> None:
    with inside(app):
        first = make.course("Foundations")
        same = [make.course("Twice"), make.course("Twice")]
    titles = {"prerequisite_titles-0": "foundations", "prerequisite_titles-1": f"Twice (no. {same[1].id})"}
    browser = login_as(cast.ivo)
    assert browser.post(f"/courses/{draft}", data=course_fields(**titles)).status_code == 303
    with inside(app):
        course = db.session.get_one(Course, draft)
        assert {required.id for required in course.required} == {first.id, same[1].id}
    assert f'value="Foundations (no. {first.id})"' in browser.get(f"/courses/{draft}/edit").text


def test_a_title_two_courses_share_must_be_chosen_from_the_list(
    app: Flask, cast: Cast, login_as: LoginAs, draft: int
) -> None:
    with inside(app):
        make.course("Twice"), make.course("Twice")
    fields = course_fields(**{"prerequisite_titles-0": "Twice"})
    assert login_as(cast.ivo).post(f"/courses/{draft}", data=fields).status_code == 422


def test_a_course_cannot_come_before_itself(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course("Attachment", owner_id=cast.ivo.id)
    fields = course_fields(**{"prerequisite_titles-0": "Attachment"})
    answer = login_as(cast.ivo).post(f"/courses/{course.id}", data=fields)
    assert "No published course is called" in answer.text
