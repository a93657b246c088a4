"""The page of one course."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Confidence, HourRule, Ledger, Purpose, RuleKind, TopicAsked
from catalog.courses.models import AgeBand, Basis, CourseState, Kind, Listing, OfferingState
from catalog.extensions import db
from tests import factories as make
from tests.browse.pages import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
REVIEWED = datetime(2026, 2, 5, 18, tzinfo=UTC)


def words(text: str) -> str:
    """The text of the page's content without its tags."""
    main = text[text.index("<main") : text.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def shown(app: Flask, client: FlaskClient, **fields: Any) -> str:
    """What the page of a course with these fields says."""
    with inside(app):
        course = make.course("Attachment", **fields)
    return words(client.get(f"/courses/{course.id}").text)


def test_it_shows_what_the_listing_says(app: Flask, client: FlaskClient) -> None:
    text = shown(
        app,
        client,
        summary="About bonds.",
        provider="Sample provider",
        provider_state="AL",
        sponsor="Sample sponsor",
        source_url="https://example.org/listing",
        audience="home visitors",
        prerequisites="two years of practice",
        price_cents=2500,
        member_price_cents=0,
        price_note="Half for students",
        ce_credits="Social Work 4.5",
        accessibility="Step-free",
        language="Spanish",
        minutes=1080,
        minutes_most=1440,
        minutes_about=True,
        dates_listed="April 4 (year not shown)",
        listing_note="Ends with a poster day.",
    )
    for said in (
        *("About bonds.", "Sample provider, AL", "Sample sponsor", "home visitors", "two years of practice"),
        *("$25 · members free", "Half for students", "Social Work 4.5", "Step-free", "Spanish"),
        *("about 18 h to 24 h", "April 4 (year not shown)", "Ends with a poster day."),
        *("Full credit from 90 % of the minutes, else none.", "it is not the hours above"),
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("basis", "sentence"),
    [
        (Basis.PROPOSED, "Mapping proposed by the trainer"),
        (Basis.STATED, "Stated by the provider"),
        (Basis.SUGGESTED, "Suggested, not reviewed"),
    ],
)
def test_a_mapping_says_how_it_is_known(basis: Basis, sentence: str, app: Flask, client: FlaskClient) -> None:
    with inside(app):
        course = make.course(areas=("TF",))
        course.areas[0].basis = basis
    text = words(client.get(f"/courses/{course.id}").text)
    assert sentence in text
    assert "reviewed by" not in text.lower()


def test_a_reviewed_mapping_names_who_and_when(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with inside(app):
        course = make.course(topics=("TF.attachment",))
        course.areas[0].reviewed_at, course.areas[0].reviewed_by_id = REVIEWED, cast.mira.id
    text = words(client.get(f"/courses/{course.id}").text)
    assert "Mapping reviewed by Mira Sample on Thu 5 Feb 2026" in text
    # The topic was added later and nobody has looked at it yet.
    assert "(Mapping proposed by the trainer)" in text


def test_topics_are_counted_for_each_category_and_unsure_figures_are_marked(
    app: Flask, client: FlaskClient
) -> None:
    with inside(app):
        course = make.course(topics=("TF.attachment",), areas=("SE",), age_band=AgeBand.BIRTH_3)
        asked = tuple(make.topic(code) for code in ("TF.attachment", "TF.loss", "SE.systems"))
        make.category("IFS", asks=asked, name="Infant Family Specialist")
        make.category(
            "ECFS", asks=asked, name="Early Childhood Family Specialist", age_band="3-up-to-6-years"
        )
    text = words(client.get(f"/courses/{course.id}").text)
    assert (
        "Infant Family Specialist IMH‑E ® 1 of 3 and some of 1 more in areas where it does not say which"
        in (text.replace("IMH‑E®", "IMH‑E ®"))
    )
    assert "Early Childhood Family Specialist" not in text
    assert "◇ , check with" not in text
    with inside(app):
        db.session.execute(sa.update(TopicAsked).values(confidence=Confidence.INFERRED))
    assert "◇ , check with First 5 Alabama" in words(client.get(f"/courses/{course.id}").text)


def test_it_never_says_that_it_is_approved(app: Flask, client: FlaskClient) -> None:
    text = shown(app, client, topics=("TF.attachment",), minutes=180).lower()
    assert "not that it is accepted" in text
    for claim in ("approved", "eligible", "certified", "qualifies"):
        assert claim not in text


def test_the_two_ledgers_stand_apart(app: Flask, client: FlaskClient) -> None:
    text = shown(app, client, areas=("TF",), minutes=38 * 60, rsc_minutes=24 * 60)
    assert "Training hours 38 h." in text
    assert (
        "Reflective supervision/consultation (RSC) hours 24 h. They count only when the facilitator is qualified"
        in text
    )
    assert "62 h" not in text


def test_fewer_hours_than_are_met_may_count(app: Flask, client: FlaskClient) -> None:
    text = shown(app, client, areas=("TF",), minutes=20 * 60, credit_cap_minutes=12 * 60)
    assert "Training hours 12 h of 20 h met." in text


def test_without_an_area_hours_do_not_count_yet(app: Flask, client: FlaskClient) -> None:
    text = shown(app, client, minutes=180)
    assert "No competency area is mapped yet" in text
    assert "3 h, as soon as it is mapped" in text


def test_a_programme_elsewhere_is_education(app: Flask, client: FlaskClient) -> None:
    fields = {"apply_url": "https://example.org/apply", "kind": Kind.CERTIFICATE_COURSE, "minutes": 300}
    text = shown(app, client, areas=("TF",), **fields)
    assert "It counts as education, never as in-service hours." in text
    assert "Training hours" not in text


def test_a_reflective_group_gives_no_training_hours(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        category = make.category("IFS", asks=(make.topic("REF.self"),), name="Infant Family Specialist")
        fields = {"ledger": Ledger.RSC, "purpose": Purpose.FIRST, "kind": RuleKind.MINIMUM, "minutes": 1440}
        db.session.add(HourRule(category_id=category.id, edition="test", **fields))
        course = make.course(areas=("REF",), kind=Kind.REFLECTIVE_GROUP, minutes=24 * 60)
    text = words(client.get(f"/courses/{course.id}").text)
    assert "RSC) hours 24 h." in text
    assert "Training hours" not in text
    assert "Who is asked for RSC hours Infant Family Specialist ◇" in text


@pytest.mark.parametrize(("at", "is_asked"), [("01:00", True), ("06:00", False)])
def test_who_is_asked_for_rsc_hours_changes_with_the_day_in_alabama(
    app: Flask, client: FlaskClient, at: str, is_asked: bool
) -> None:
    with inside(app):
        category = make.category("IFS", asks=(make.topic("REF.self"),), name="Infant Family Specialist")
        fields = {"ledger": Ledger.RSC, "purpose": Purpose.FIRST, "kind": RuleKind.MINIMUM, "minutes": 1440}
        rule = HourRule(category_id=category.id, edition="test", effective_until=date(2027, 6, 30), **fields)
        db.session.add(rule)
        course = make.course(areas=("REF",), kind=Kind.REFLECTIVE_GROUP, minutes=24 * 60)
    with time_machine.travel(f"2027-07-01T{at}+00:00", tick=False):
        text = words(client.get(f"/courses/{course.id}").text)
    assert ("Infant Family Specialist" in text) == is_asked


@pytest.mark.parametrize(
    ("fields", "badge"),
    [
        ({"listing": Listing.COMING_SOON}, "Coming soon"),
        ({"listing": Listing.SUSPENDED}, "Suspended"),
        ({"listing": Listing.APPLICATION_CLOSED}, "Applications closed"),
        ({"state": CourseState.ARCHIVED}, "Archived: no new sessions"),
    ],
)
def test_a_state_beyond_open_is_said(
    fields: dict[str, Any], badge: str, app: Flask, client: FlaskClient
) -> None:
    assert badge in shown(app, client, **fields)


def test_every_session_is_there_with_its_seats(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        course = make.course()
        make.offering(course, starts=datetime(2031, 1, 14, 15, tzinfo=UTC), seats=7, meetings=2)
        make.offering(course, starts=clock.now() - timedelta(days=40))
        make.offering(course, state=OfferingState.CANCELLED)
        make.offering(course, seats=None, meetings=0)
    text = words(client.get(f"/courses/{course.id}").text)
    assert "Tue 14 Jan 2031, 9:00 am, Central time 2 meetings, until Tue 21 Jan 2031" in text
    assert "7 seats left" in text
    assert "Past and cancelled sessions (2)" in text
    assert "At your own pace" in text
    assert "No limit" in text


def test_a_reader_in_another_zone_sees_both_times(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        db.session.get_one(Person, cast.ana.id).zone = "America/New_York"
        course = make.course()
        make.offering(course, starts=datetime(2031, 1, 14, 15, tzinfo=UTC))
    text = words(login_as(cast.ana).get(f"/courses/{course.id}").text)
    assert "9:00 am, Central time" in text
    assert "for you Tue 14 Jan 2031, 10:00 am, Eastern time" in text


@pytest.mark.parametrize("state", [CourseState.DRAFT, CourseState.IN_REVIEW, CourseState.CHANGES_ASKED])
def test_what_is_not_published_is_seen_by_its_owner_and_coordinators(
    state: CourseState, app: Flask, cast: Cast, login_as: LoginAs, client: FlaskClient
) -> None:
    with inside(app):
        url = f"/courses/{make.course(owner_id=cast.ivo.id, state=state).id}"
    assert client.get(url).status_code == 404
    assert login_as(cast.otto).get(url).status_code == 404
    assert "not public" in login_as(cast.ivo).get(url).text
    assert "not public" in login_as(cast.mira).get(url).text


def test_a_course_without_owner_is_nobodys_draft(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        course = make.course(state=CourseState.DRAFT, owner_id=None)
    assert client.get(f"/courses/{course.id}").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "x"])
def test_an_unknown_course_is_404(number: str, client: FlaskClient) -> None:
    assert client.get(f"/courses/{number}").status_code == 404
    assert client.get(f"/offerings/{number}").status_code == 404
    assert client.get(f"/offerings/{number}/calendar.ics").status_code == 404


def test_text_is_escaped_and_links_lead_only_to_pages(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        evil: dict[str, Any] = {
            "summary": "<script>x</script>",
            "source_url": "javascript:alert(1)",
            "apply_url": "javascript:x",
        }
        course = make.course("<img src=x>", listing_note="<b>", **evil)
    text = client.get(f"/courses/{course.id}").text
    assert "<script>x" not in text
    assert "<img src=x>" not in text
    assert 'href="javascript:' not in text


def test_a_required_course_is_linked(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        first = make.course("First part")
        course = make.course("Second part")
        course.required.append(first)
        course.tags.append(make.tag("rsc_provision"))
        first_id, course_id = first.id, course.id
    text = client.get(f"/courses/{course_id}").text
    assert f'<a href="/courses/{first_id}">First part</a>' in text
    assert "Tag rsc_provision" in text
