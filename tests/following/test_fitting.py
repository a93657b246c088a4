"""A saved search finds what the catalog page lists: the same filters, whichever they are."""

from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.browse.queries.fitting import fitting
from catalog.courses.models import AgeBand, Course, CourseState, Format, Kind, Offering, OfferingState
from catalog.extensions import db
from catalog.following import reading
from tests import factories as make
from tests.browse.pages import found, inside


@pytest.fixture
def _catalog(app: Flask, client: FlaskClient) -> None:
    """Sessions that differ in everything that can be filtered by."""
    with inside(app):
        make.category("IFS", asks=(make.topic("TF.attachment"),))
        kinds = (Kind.IN_SERVICE, Kind.REFLECTIVE_GROUP)
        for number, (kind, form, county) in enumerate(product(kinds, list(Format)[:3], ("01101", "01109"))):
            course = make.course(
                f"Course {number:02}",
                topics=("TF.attachment",) if number % 2 else (),
                areas=("RF",) if number % 3 else (),
                kind=kind,
                age_band=AgeBand.BIRTH_3 if number % 2 else AgeBand.THREE_6,
            )
            starts = clock.now() + timedelta(days=number, hours=number + 1)
            make.offering(
                course,
                starts=starts,
                hours=1 + number % 4,
                format=form,
                county=county,
                price_cents=number * 1000,
                language="Spanish" if number % 4 == 0 else "English",
                is_evening=bool(number % 2),
                weekdays=1 << (number % 7),
            )
        make.offering(
            make.course("Own pace", areas=("RF",)), meetings=0, format=Format.SELF_PACED, county=None
        )
        make.offering(make.course("Over"), starts=clock.now() - timedelta(days=3))
        make.offering(make.course("Cancelled"), state=OfferingState.CANCELLED)
        make.offering(make.course("Draft", state=CourseState.DRAFT))


@pytest.mark.usefixtures("_catalog")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=course",
        "?kind=in_service",
        "?area=RF&format=in_person&county=01101&county=01109",
        "?topic=TF.attachment",
        "?category=IFS",
        "?age=birth-3",
        "?county=online",
        "?county=online&county=01109&evening=1",
        "?weekday=mon&weekday=tue",
        "?min_hours=2&max_hours=3",
        "?price=50",
        "?price=0",
        "?language=Spanish",
        "?seats=1",
        "?from=2026-01-01&to=2099-01-01",
    ],
)
def test_the_same_as_on_the_page(app: Flask, client: FlaskClient, query: str) -> None:
    listed = sorted(found(client, query))
    with inside(app):
        words = reading.vocabulary()
        filters = reading.read(query, words)
        zone = app.config["CATALOG"].site_zone
        ids = fitting(filters, words, clock.now(), zone)
        titles = sa.select(Course.title).join(Offering, Offering.course_id == Course.id)
        assert sorted(db.session.scalars(titles.where(Offering.id.in_(ids)))) == listed
        assert filters.key == query
