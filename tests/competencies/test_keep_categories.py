"""Categories and tags: what a coordinator may change of them, and what stays as the file has it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies import services
from catalog.competencies.models import Category, HourTag
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry, Job
from tests.competencies.keeping import Numbers, keep, rows
from tests.competencies.previews import save
from tests.factories import Cast

TYPED = {
    "seen": "2024",
    "name": "Family Helper",
    "is_current": "y",
    "exam": "no",
    "references": "3 ratings",
    "education_or_work": "Any degree",
    "confidence": "confirmed",
}


@pytest.fixture
def numbers(app: Flask, cast: Cast, tmp_path: Path) -> Numbers:
    return keep(app, tmp_path)


@pytest.fixture
def mira(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> FlaskClient:
    return login_as(cast.mira)


def test_a_category_is_edited(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    answer = save(mira, f"/framework/categories/{numbers.category}", **TYPED)
    assert answer.headers["Location"] == f"/framework#category-{numbers.category}"
    kept = rows(app, Category)[0]
    assert (kept.name, kept.is_current) == ("Family Helper", True)
    assert kept.facts == {"exam": False, "references": "3 ratings", "education_or_work": "Any degree"}
    trail = next(entry for entry in rows(app, AuditEntry) if entry.action == "framework.category_edited")
    assert (trail.details["before"]["exam"], trail.details["after"]["exam"]) == (None, False)
    assert "reindex" in {job.kind for job in rows(app, Job)}


def test_what_was_a_fact_and_is_not_said_is_taken_out(
    app: Flask, cast: Cast, mira: FlaskClient, numbers: Numbers
) -> None:
    with app.app_context():
        writing.set(True)
        category = db.session.get_one(Category, numbers.category)
        facts = {"scope": "promotion", "exam": True, "order": 1}
        services.edit_category(category, {"facts": facts}, by=cast.mira)
        db.session.commit()
        seen = services.stand(category)
    url = f"/framework/categories/{numbers.category}"
    assert '<option selected value="yes">' in mira.get(f"{url}/edit").text
    save(mira, url, **{**TYPED, "exam": "", "references": "", "education_or_work": "", "seen": seen})
    assert rows(app, Category)[0].facts == {"scope": "promotion", "order": 1}


def test_one_that_is_not_current_is_no_longer_offered(
    app: Flask, mira: FlaskClient, numbers: Numbers
) -> None:
    typed = {name: value for name, value in TYPED.items() if name != "is_current"}
    save(mira, f"/framework/categories/{numbers.category}", **typed)
    assert not rows(app, Category)[0].is_current
    assert "Nobody is newly endorsed as: Family Helper" in mira.get("/framework").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Enter the name of the category."),
        ({"name": "x" * 121}, "Use at most 120 characters."),
        ({"exam": "perhaps"}, "Choose one from the list."),
        ({"references": "x" * 301}, "Use at most 300 characters."),
    ],
)
def test_a_bad_category_is_answered_with_the_reason(
    app: Flask, mira: FlaskClient, numbers: Numbers, typed: dict[str, str], sentence: str
) -> None:
    answer = save(mira, f"/framework/categories/{numbers.category}", **{**TYPED, **typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Any degree"' in answer.text
    assert rows(app, Category)[0].edited_at is None


def test_a_tag_is_added_with_a_code_of_its_own(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    answer = save(mira, "/framework/tags", label="Sobre providing RSC, año 2", confidence="confirmed")
    assert answer.headers["Location"] == "/framework#tags"
    made = rows(app, HourTag)[-1]
    assert (made.code, made.edition) == ("sobre_providing_rsc_ano_2", "2024")
    assert rows(app, AuditEntry)[-1].details["after"]["label"] == "Sobre providing RSC, año 2"


def test_labels_of_signs_alone_get_codes_too(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    save(mira, "/framework/tags", label="心")
    save(mira, "/framework/tags", label="体")
    assert [tag.code for tag in rows(app, HourTag)] == ["core", "tag", "tag_2"]


def test_a_tag_is_renamed(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    assert save(mira, f"/framework/tags/{numbers.tag}", seen="2024", label="Heart").status_code == 303
    assert (rows(app, HourTag)[0].label, rows(app, HourTag)[0].code) == ("Heart", "core")


def test_there_are_no_two_tags_of_one_label(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    answer = save(mira, "/framework/tags", label="CORE")
    assert answer.status_code == 422
    assert "There is a tag of this label already." in answer.text
    save(mira, "/framework/tags", label="Heart")
    other = rows(app, HourTag)[-1]
    seen = services.stand(other)
    assert save(mira, f"/framework/tags/{other.id}", seen=seen, label="core").status_code == 422
    assert save(mira, f"/framework/tags/{other.id}", seen=seen, label="heart").status_code == 303


def test_a_tag_needs_a_label(mira: FlaskClient, numbers: Numbers) -> None:
    for url in ("/framework/tags", f"/framework/tags/{numbers.tag}"):
        answer = save(mira, url, seen="2024", label=" ", note="kept")
        assert answer.status_code == 422
        assert "Enter the label." in answer.text
        assert "kept</textarea>" in answer.text


def test_what_somebody_else_saved_is_not_overwritten(
    app: Flask, cast: Cast, mira: FlaskClient, numbers: Numbers
) -> None:
    with app.app_context():
        writing.set(True)
        services.edit_tag(db.session.get_one(HourTag, numbers.tag), {"label": "Theirs"}, by=cast.ada)
        category = db.session.get_one(Category, numbers.category)
        services.edit_category(category, {"name": "Theirs"}, by=cast.ada)
        db.session.commit()
    tag = save(mira, f"/framework/tags/{numbers.tag}", seen="2024", label="Mine")
    other = save(mira, f"/framework/categories/{numbers.category}", **TYPED)
    assert (tag.status_code, other.status_code) == (409, 409)
    assert "<li>Label: Theirs</li>" in tag.text
    assert "<li>Name: Theirs</li>" in other.text


@pytest.mark.parametrize("page", ["tags/new", "tags/{0.tag}/edit", "categories/{0.category}/edit"])
def test_who_may_keep_them(
    client: FlaskClient, cast: Cast, login_as: Callable[[Person], FlaskClient], numbers: Numbers, page: str
) -> None:
    url = "/framework/" + page.format(numbers)
    post = url.removesuffix("/edit").removesuffix("/new")
    assert client.get(url).headers["Location"].startswith("/sign-in")
    assert client.post(post).headers["Location"].startswith("/sign-in")
    assert login_as(cast.ivo).get(url).status_code == 403
    assert login_as(cast.ivo).post(post, data=TYPED).status_code == 403
    assert login_as(cast.mira).get(url).status_code == 200


def test_what_is_not_there_is_not_found(mira: FlaskClient, numbers: Numbers) -> None:
    for kind in ("tags", "categories"):
        assert mira.get(f"/framework/{kind}/999999/edit").status_code == 404
        assert mira.post(f"/framework/{kind}/999999").status_code == 404


def test_what_a_file_says_in_its_own_way_stays(app: Flask, mira: FlaskClient, numbers: Numbers) -> None:
    own = {"exam": "oral", "references": {"count": 3}, "education_or_work": ["Any degree"]}
    with app.app_context():
        writing.set(True)
        db.session.get_one(Category, numbers.category).facts = own
        db.session.commit()
    url = f"/framework/categories/{numbers.category}"
    assert mira.get(url + "/edit").status_code == 200
    blank = {"exam": "", "references": "", "education_or_work": ""}
    assert save(mira, url, **{**TYPED, **blank}).status_code == 303
    assert rows(app, Category)[0].facts == own
