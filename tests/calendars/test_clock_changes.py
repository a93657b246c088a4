"""Meetings on both sides of a change of clocks, read by two engines that are not the one that writes them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.calendars import queries, reading, services
from catalog.calendars.events import invitation
from catalog.courses.models import Format, Offering
from catalog.courses.services import Row, post
from catalog.enrollment import services as enrollment
from tests import factories as make
from tests.calendars import client, ical_js

pytestmark = pytest.mark.usefixtures("context")

AUTUMN = datetime(2026, 10, 1, 12, tzinfo=UTC)
# Clocks are set back on 1 November 2026 and forward on 14 March 2027, at two in the morning.
WALL = [
    datetime.fromisoformat(text)
    for text in (
        *("2026-10-31T09:00", "2026-11-01T09:00", "2026-11-02T18:30"),
        *("2027-03-13T09:00", "2027-03-14T09:00", "2027-03-15T18:30"),
    )
]
# The same instants, reckoned by hand.
BY_HAND = {
    "America/Chicago": (
        *("2026-10-31T14:00", "2026-11-01T15:00", "2026-11-03T00:30"),
        *("2027-03-13T15:00", "2027-03-14T14:00", "2027-03-15T23:30"),
    ),
    "America/New_York": (
        *("2026-10-31T13:00", "2026-11-01T14:00", "2026-11-02T23:30"),
        *("2027-03-13T14:00", "2027-03-14T13:00", "2027-03-15T22:30"),
    ),
}


class Scene(NamedTuple):
    ana: Person
    offering: Offering
    zone: str

    @property
    def instants(self) -> list[datetime]:
        """By the rules of the system, on a way of its own."""
        return [wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC) for wall in WALL]


@pytest.fixture(params=sorted(BY_HAND))
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    with clock.at(AUTUMN):
        mira, ana = make.person("Mira Sample", coordinates=True), make.person("Ana Sample")
        columns = {"zone": request.param, "format": Format.IN_PERSON, "place": "Sample hall", "capacity": 3}
        rows = [Row(number, None, wall, wall + timedelta(hours=2)) for number, wall in enumerate(WALL)]
        offering = post(make.course(), columns, rows, by=mira)
        enrollment.enroll(ana, offering, by=ana)
        yield Scene(ana, offering, request.param)


def written(scene: Scene) -> dict[str, list[bytes]]:
    """The same meetings on every way out of the house."""
    settings, now = current_app.config["CATALOG"], clock.now()
    told = services.due(scene.ana, scene.offering.id, now)
    many = reading.feed_of_many(queries.of_offering(scene.offering.id), "Sessions", settings.site_url)
    return {
        "invitations": [invitation(one, scene.ana, settings)[1] for one in told],
        "a file": [reading.file_of(scene.offering.id, None, now, settings, shows_link=False)],
        "a private feed": [reading.feed_of(scene.ana, now, settings).text(settings)],
        "a public feed": [many.text(settings)],
    }


def test_the_system_agrees_with_what_was_reckoned_by_hand(scene: Scene) -> None:
    by_hand = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in BY_HAND[scene.zone]]
    assert scene.instants == by_hand


def test_vobject_reads_the_right_instants(scene: Scene) -> None:
    for way, files in written(scene).items():
        events = [client.shown(event) for content in files for event in client.events_of(content)]
        assert [event.starts for event in events] == scene.instants, way
        assert [event.ends for event in events] == [at + timedelta(hours=2) for at in scene.instants], way


def test_ical_js_reads_the_right_instants(scene: Scene) -> None:
    for way, files in written(scene).items():
        events = ical_js.events_of(*files)
        starts = [datetime.fromisoformat(event["starts"]) for event in events]
        ends = [datetime.fromisoformat(event["ends"]) for event in events]
        assert starts == scene.instants, way
        assert ends == [at + timedelta(hours=2) for at in scene.instants], way
