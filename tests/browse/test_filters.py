"""Each filter by itself finds what it should and leaves out what it should."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.courses.models import AgeBand, Course, Format, Kind, Offering, Seat
from catalog.courses.search import index
from catalog.extensions import db
from tests import factories as make
from tests.browse.pages import found, inside

CHICAGO = ZoneInfo("America/Chicago")
Made = Callable[[], Offering]


def on(course: Course | None = None, **fields: Any) -> Made:
    return lambda: make.offering(course or make.course("x"), **fields)


def of(**fields: Any) -> Made:
    return lambda: make.offering(make.course("x", **fields))


def asked_for(code: str, band: str, topic: str = "TF.attachment") -> None:
    make.category(code, asks=(make.topic(topic),), age_band=band)


INFANTS, CHILDREN = "birth-36-months (and pregnancy)", "3-up-to-6-years"
START = datetime(2031, 3, 4, 18, 0, tzinfo=CHICAGO)

CASES: dict[str, tuple[Made, Made]] = {
    "?kind=reflective_group": (of(kind=Kind.REFLECTIVE_GROUP), of(kind=Kind.IN_SERVICE)),
    "?area=TF": (of(areas=("TF",)), of(areas=("SE",))),
    "?topic=TF.attachment": (of(topics=("TF.attachment",)), of(topics=("TF.loss",))),
    "?age=birth-3": (of(age_band=AgeBand.BIRTH_6), of(age_band=AgeBand.THREE_6)),
    "?age=3-6": (of(age_band=AgeBand.THREE_6), of(age_band=AgeBand.UNKNOWN)),
    "?age=unknown": (of(age_band=AgeBand.UNKNOWN), of(age_band=AgeBand.BIRTH_6)),
    "?format=hybrid": (on(format=Format.HYBRID), on(format=Format.VIRTUAL)),
    "?county=01109": (on(county="01109"), on(county="01101")),
    "?county=online": (on(county=None, format=Format.VIRTUAL), on(county="01109")),
    "?language=Spanish": (on(language="Spanish"), on(language="English")),
    "?weekday=tue": (on(weekdays=0b10), on(weekdays=0b101)),
    "?evening=1": (on(is_evening=True), on(is_evening=False)),
    "?from=2031-03-04": (on(starts=START), on(starts=START - timedelta(days=1))),
    "?to=2031-03-04": (on(starts=START), on(starts=START + timedelta(days=1))),
    "?min_hours=2.5": (on(hours=3), on(hours=2)),
    "?max_hours=2": (on(hours=2), on(hours=3)),
    "?price=0": (on(price_cents=0), on(price_cents=None)),
    "?price=25": (on(price_cents=2500), on(price_cents=2501)),
}  # fmt: skip


@pytest.mark.parametrize("query", CASES)
def test_a_filter_keeps_what_fits_and_nothing_else(query: str, app: Flask, client: FlaskClient) -> None:
    fitting, other = CASES[query]
    with inside(app):
        # What the words of the address mean must be known, or the filter is left out.
        make.offering(make.course("x", topics=("TF.attachment",), state="archived"), language="Spanish")
        make.offering(language="Spanish", starts=START + timedelta(days=900))
        fitting().course.title = "fits"
        other().course.title = "does not"
    listed = found(client, query)
    assert "fits" in listed
    assert "does not" not in listed


@pytest.mark.parametrize(
    ("fields", "is_served"),
    [
        ({"topics": ("TF.attachment",), "age_band": AgeBand.BIRTH_3}, True),
        ({"topics": ("TF.attachment",), "age_band": AgeBand.UNKNOWN}, True),
        ({"topics": ("TF.attachment",), "age_band": AgeBand.THREE_6}, False),
        ({"areas": ("TF",)}, True),  # it may be any topic of the area
        ({"topics": ("TF.other",)}, False),  # it says which topic, and that is not asked for
        ({"areas": ("SE",)}, False),
        ({}, False),
    ],
)
def test_a_category_is_served_by_its_topics_and_age(
    fields: dict[str, Any], is_served: bool, app: Flask, client: FlaskClient
) -> None:
    with inside(app):
        asked_for("IFS", INFANTS)
        asked_for("ECFS", CHILDREN)
        make.offering(make.course("Here", **fields))
    assert found(client, "?category=IFS") == (["Here"] if is_served else [])
    assert found(client, "?show=courses&category=IFS") == (["Here"] if is_served else [])


def test_words_find_the_sessions_of_a_course(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        for title in ("Attachment and loss", "Bridges"):
            course = make.course(title)
            make.offering(course)
            index(course)
    assert found(client, "?q=attach") == ["Attachment and loss"]
    assert found(client, "?q=nothing+like+it") == []


def test_values_of_one_filter_are_either_or_and_filters_are_and(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Pike"), county="01109")
        make.offering(make.course("Online"), county=None, format=Format.VIRTUAL)
        make.offering(make.course("Montgomery"), county="01101")
    assert set(found(client, "?county=01109&county=online")) == {"Pike", "Online"}
    assert found(client, "?county=01109&county=online&format=virtual") == ["Online"]


def test_full_sessions_and_closed_ones_have_no_seats_left(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.offering(make.course("Open end"), seats=None)
        make.offering(make.course("Closed"), closes_at=clock.now() - timedelta(days=1))
        full = make.offering(make.course("Full"), seats=1)
        db.session.execute(sa.update(Seat).where(Seat.offering_id == full.id).values(is_taken=True))
    assert found(client, "?seats=1") == ["Open end"]


def test_courses_are_not_filtered_by_what_only_sessions_have(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        make.course("Bare")
    assert found(client, "?show=courses&county=01109&evening=1&from=2031-01-01") == ["Bare"]
