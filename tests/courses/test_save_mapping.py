"""What a course covers: areas, topics, minutes, tags, and what a change does to a review."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.courses import queries, services
from catalog.courses.models import Basis, Course, CourseState
from catalog.courses.refusals import FieldsRefused, Stale
from catalog.courses.services import Covered
from catalog.extensions import db
from tests import factories as make
from tests.courses.desk import inside, rows_of
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
NO_TOPICS = frozenset[int]()


@pytest.fixture
def draft(app: Flask, cast: Cast) -> int:
    with inside(app):
        make.topic("TF.attachment"), make.topic("TF.brain"), make.topic("SE.community")
        make.area("REF", by_references=True, name="Reflection")
        return make.course(state=CourseState.DRAFT, owner_id=cast.ivo.id, minutes=360).id


def field(app: Flask, code: str, name: str) -> str:
    with inside(app):
        return f"area_{make.area(code).id}-{name}"


def topic(app: Flask, code: str) -> str:
    with inside(app):
        return str(make.topic(code).id)


def mapped(course_id: int) -> Course:
    course = queries.mapped(course_id)
    assert course is not None
    return course


def test_a_topic_brings_its_area(app: Flask, cast: Cast, login_as: LoginAs, draft: int) -> None:
    data = {"version": 1, field(app, "TF", "topics"): topic(app, "TF.brain")}
    answer = login_as(cast.ivo).post(f"/courses/{draft}/mapping", data=data)
    assert (answer.status_code, answer.location) == (303, f"/courses/{draft}/review")
    with inside(app):
        course = mapped(draft)
        assert [(row.area.code, row.minutes, row.basis) for row in course.areas] == [
            ("TF", None, Basis.PROPOSED)
        ]
        assert [row.topic.code for row in course.topics] == ["TF.brain"]


def test_minutes_and_tags_are_kept(app: Flask, cast: Cast, login_as: LoginAs, draft: int) -> None:
    with inside(app):
        tag = make.tag("rsc_provision")
    data = {
        "version": 1,
        field(app, "SE", "minutes"): "1.5",
        field(app, "REF", "covered"): "y",
        "tags": tag.id,
    }
    login_as(cast.ivo).post(f"/courses/{draft}/mapping", data=data)
    with inside(app):
        course = mapped(draft)
        assert {row.area.code: row.minutes for row in course.areas} == {"SE": 90, "REF": None}
        assert [tag.code for tag in course.tags] == ["rsc_provision"]


def test_the_page_shows_what_is_chosen(app: Flask, cast: Cast, login_as: LoginAs, draft: int) -> None:
    browser = login_as(cast.ivo)
    assert "Mainly shown by references" in browser.get(f"/courses/{draft}/mapping").text
    browser.post(f"/courses/{draft}/mapping", data={"version": 1, field(app, "TF", "minutes"): "2"})
    page = browser.get(f"/courses/{draft}/mapping").text
    assert 'value="2 h"' in page
    assert "Proposed by the trainer" in page


def test_whoever_is_not_signed_in_is_asked_to(client: FlaskClient, draft: int) -> None:
    assert client.get(f"/courses/{draft}/mapping").status_code == 303


def test_others_may_not(app: Flask, cast: Cast, login_as: LoginAs, draft: int) -> None:
    with inside(app):
        published = make.course()
    assert login_as(cast.ana).get(f"/courses/{draft}/mapping").status_code == 404
    assert login_as(cast.ivo).post(f"/courses/{published.id}/mapping").status_code == 403


@pytest.mark.parametrize(
    ("code", "typed", "sentence"),
    [
        ("TF", "7", "The whole course has 6 h."),
        ("TF", "a lot", "Write a length"),
        ("TF", "4", "Together the areas have 7 h, but the whole course has 6 h."),
    ],
)
def test_more_than_the_course_has_is_refused_beside_the_field(
    app: Flask, cast: Cast, login_as: LoginAs, draft: int, code: str, typed: str, sentence: str
) -> None:
    name = field(app, code, "minutes")
    data = {"version": 1, name: typed, field(app, "SE", "minutes"): "3"}
    answer = login_as(cast.ivo).post(f"/courses/{draft}/mapping", data=data)
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_topic_that_is_not_on_the_list_is_refused(
    app: Flask, cast: Cast, login_as: LoginAs, draft: int
) -> None:
    data = {"version": 1, field(app, "SE", "topics"): topic(app, "TF.brain")}
    answer = login_as(cast.ivo).post(f"/courses/{draft}/mapping", data=data)
    assert answer.status_code == 422
    assert "Choose from the list." in answer.text


def test_an_old_page_is_refused_with_what_was_chosen(
    app: Flask, cast: Cast, login_as: LoginAs, draft: int
) -> None:
    login_as(cast.mira).post(f"/courses/{draft}/mapping", data={"version": 1})
    data = {"version": 1, field(app, "TF", "minutes"): "2.5"}
    answer = login_as(cast.ivo).post(f"/courses/{draft}/mapping", data=data)
    assert answer.status_code == 409
    assert 'value="2.5"' in answer.text
    with inside(app):
        assert mapped(draft).areas == []


# What a change does to a review.


@pytest.fixture
def reviewed(context: None) -> Course:
    mira = make.person("Mira Sample", coordinates=True)
    course = make.course(topics=("TF.attachment", "SE.community"), minutes=360)
    services.review_mapping(course, 1, by=mira)
    db.session.commit()
    return mapped(course.id)


def covered(course: Course, **minutes: int) -> list[Covered]:
    """The mapping as it is, with other minutes for the areas named."""
    topics = {row.area_id: set[int]() for row in course.areas}
    for row in course.topics:
        topics[row.topic.area_id].add(row.topic_id)
    return [
        Covered(
            row.area_id, minutes.get(row.area.code, row.minutes or 0) or None, frozenset(topics[row.area_id])
        )
        for row in course.areas
    ]


def test_saving_without_a_change_keeps_the_review(reviewed: Course) -> None:
    services.save_mapping(reviewed, covered(reviewed), set(), reviewed.version, by=make.person())
    assert all(row.reviewed_at for row in rows_of(reviewed))


def test_only_the_changed_area_loses_its_review(reviewed: Course) -> None:
    services.save_mapping(reviewed, covered(reviewed, TF=60), set(), reviewed.version, by=make.person())
    found = {row.area.code: (row.basis, row.reviewed_by_id) for row in mapped(reviewed.id).areas}
    assert found["TF"] == (Basis.PROPOSED, None)
    assert found["SE"][1] is not None


def test_a_new_topic_is_proposed_and_the_others_stay_reviewed(reviewed: Course) -> None:
    brain = make.topic("TF.brain")
    rows = [
        row._replace(topic_ids=row.topic_ids | {brain.id}) if row.area_id == brain.area_id else row
        for row in covered(reviewed)
    ]
    services.save_mapping(reviewed, rows, set(), reviewed.version, by=make.person())
    waiting = [row.topic.code for row in mapped(reviewed.id).topics if row.reviewed_at is None]
    assert waiting == ["TF.brain"]


def test_what_the_framework_retired_is_kept(reviewed: Course) -> None:
    old = next(row.area for row in reviewed.areas if row.area.code == "SE")
    old.retired_in = "2030"
    services.save_mapping(reviewed, [], set(), reviewed.version, by=make.person())
    assert [row.area.code for row in mapped(reviewed.id).areas] == ["SE"]


def test_a_course_without_a_length_cannot_be_split(reviewed: Course) -> None:
    reviewed.minutes = None
    with pytest.raises(FieldsRefused, match="does not say how long it is"):
        services.save_mapping(reviewed, covered(reviewed, TF=60), set(), reviewed.version, by=make.person())


def test_a_stale_mapping_changes_nothing(reviewed: Course) -> None:
    with pytest.raises(Stale):
        services.save_mapping(reviewed, [], set(), reviewed.version - 1, by=make.person())
    assert len(mapped(reviewed.id).areas) == 2


def test_the_page_asks_no_more_for_more_topics(app: Flask, cast: Cast, login_as: LoginAs, draft: int) -> None:
    browser = login_as(cast.ivo)
    with counted() as few:
        browser.get(f"/courses/{draft}/mapping")
    with inside(app):
        course = db.session.get_one(Course, draft)
        rows = [
            Covered(make.area(code).id, None, frozenset({make.topic(f"{code}.x").id}))
            for code in ("A", "B", "C")
        ]
        services.save_mapping(course, rows, set(), 1, by=db.session.get_one(Person, cast.ivo.id))
    with counted() as many:
        browser.get(f"/courses/{draft}/mapping")
    assert len(many) <= len(few) + 2, "rows of areas and of topics, loaded once each"
