"""The catalog page: what it lists, in which order, and how it counts pages."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.courses.models import CourseState, Format, OfferingState
from catalog.courses.search import index
from tests import factories as make
from tests.browse.pages import found, inside, total


def test_a_stranger_sees_the_upcoming_sessions_soonest_first(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Later"), starts=clock.now() + timedelta(days=9))
        make.offering(make.course("Sooner"), starts=clock.now() + timedelta(days=2))
    assert found(client) == ["Sooner", "Later"]


def test_what_nobody_can_join_any_more_is_not_listed(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Over"), starts=clock.now() - timedelta(days=9))
        make.offering(make.course("Begun"), starts=clock.now() - timedelta(hours=1))
        make.offering(make.course("Cancelled"), state=OfferingState.CANCELLED)
        make.offering(make.course("Draft", state=CourseState.DRAFT))
    assert found(client) == []


def test_sessions_at_ones_own_pace_come_after_those_with_dates(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Any time"), meetings=0, format=Format.SELF_PACED, seats=None)
        make.offering(make.course("Dated"))
    assert found(client) == ["Dated", "Any time"]


def test_courses_are_listed_with_or_without_dates(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.course("Bare")
        make.offering(make.course("Also dated"))
        make.course("Hidden", state=CourseState.IN_REVIEW)
    assert found(client, "?show=courses") == ["Also dated", "Bare"]


def test_an_empty_catalog_says_what_will_be_here(client: FlaskClient) -> None:
    text = client.get("/").text
    assert "No sessions have dates yet" in text
    assert total(text) == 0


def test_pages_follow_each_other_without_a_gap(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        course = make.course("Same")
        start = clock.now() + timedelta(days=5)
        ids = [make.offering(course, starts=start, seats=1).id for _ in range(53)]
    listed = []
    for page in (1, 2, 3):
        text = client.get(f"/?page={page}").text
        assert total(text) == 53
        listed += [number for number in ids if f"/offerings/{number}>" in text]
    assert listed == ids


def test_a_page_after_the_last_leads_back(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering()
    text = client.get("/?page=9").text
    assert "There is nothing on page 9" in text
    assert 'href="/"' in text


def test_sorted_by_length_the_shortest_comes_first(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Long"), hours=6, starts=clock.now() + timedelta(days=1))
        make.offering(make.course("Short"), hours=1)
    assert found(client, "?sort=hours") == ["Short", "Long"]


def test_sorted_by_relevance_the_title_goes_before_the_summary(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        summary = make.course("Other", summary="A word on attachment.")
        title = make.course("Attachment")
        for course in (summary, title):
            make.offering(course)
            index(course)
    assert found(client, "?q=attachment") == ["Other", "Attachment"]
    assert found(client, "?q=attachment&sort=relevance") == ["Attachment", "Other"]


def test_titles_are_escaped(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course('<script>alert(1)</script> " onload=x'), place="<i>", county=None)
    text = client.get("/").text
    assert "<script>alert" not in text
    assert "<i>" not in text
    assert found(client) == ['<script>alert(1)</script> " onload=x']


def test_htmx_gets_the_results_and_the_new_counts_only(
    app: Flask, client: FlaskClient, htmx: dict[str, str]
) -> None:
    with inside(app):
        make.offering(make.course("Listed"))
    response = client.get("/?kind=in_service&county=&q=", headers=htmx)
    assert response.text.lstrip().startswith('<div id="results"')
    assert "<html" not in response.text
    assert "id=f-kind hx-swap-oob=true" in response.text
    assert response.headers["HX-Replace-Url"] == "/?kind=in_service"
    assert "HX-Request" in response.headers["Vary"]


def test_the_answer_is_kept_apart_for_each_reader(client: FlaskClient) -> None:
    assert "Cookie" in client.get("/").headers["Vary"]
