"""What the report on supply and demand is made of, read once for a page: who misses what, and what is coming."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from flask import current_app

from catalog import clock
from catalog.reports.demand import reading
from catalog.reports.demand.gaps import ONLINE, Coming, Gap, Supply, gaps, supply
from catalog.reports.demand.reading import TopicName
from catalog.reports.frame import Asked
from catalog.reports.period import Period
from catalog.reports.standings.models import StandingRun
from catalog.reports.standings.reading import last_run

HORIZONS = (3, 6, 12)


class Found(NamedTuple):
    run: StandingRun
    topics: list[TopicName]
    missed: dict[int, dict[str, int]]
    """By topic and county, people."""
    mapped: dict[int, dict[int, bool]]
    """By course, the topics it covers, and whether that was reviewed."""
    ahead: list[Coming]
    """Of the days that were asked for and of the horizons; `sessions` are those of the days asked for."""
    sessions: list[Coming]
    coming: Supply
    by_topic: dict[int, Gap]

    def gaps(self, coming: Supply, counties: Collection[str]) -> dict[int, Gap]:
        return gaps([one.id for one in self.topics], self.missed, coming, counties)


def find(asked: Asked) -> Found | None:
    """None before the worker has reckoned anybody."""
    run = last_run()
    if run is None:
        return None
    topics, mapped, missed = reading.topics(), reading.mapped(), reading.missed(run)
    today, asked_for = clock.today(zone()), asked.period
    furthest = horizons(today)[max(HORIZONS)].last
    wide = Period(min(asked_for.first, today), max(asked_for.last, furthest))
    ahead = reading.coming(wide, clock.now(), zone())
    sessions = within(ahead, asked_for)
    coming = supply(sessions, mapped)
    by_topic = gaps([one.id for one in topics], missed, coming, asked.counties)
    return Found(run, topics, missed, mapped, ahead, sessions, coming, by_topic)


def zone() -> str:
    said: str = current_app.config["CATALOG"].site_zone
    return said


def useful(sessions: Iterable[Coming], found: Found, counties: Collection[str]) -> list[Coming]:
    """Those that cover at least one of the topics, as somebody has reviewed; in these counties, or online."""
    known = {one.id for one in found.topics}
    covering = {
        course
        for course, topics in found.mapped.items()
        if any(reviewed and topic in known for topic, reviewed in topics.items())
    }
    return [
        one
        for one in sessions
        if one.course_id in covering and (not counties or one.place == ONLINE or one.place in counties)
    ]


def horizons(today: date) -> dict[int, Period]:
    """The next 3, 6 and 12 months."""
    return {months: Period(today, _months_on(today, months)) for months in HORIZONS}


def _months_on(day_: date, months: int) -> date:
    """The day before the same day so many months on; the last of a month that is shorter."""
    year, month = divmod(day_.year * 12 + day_.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day_.day, last)) - date.resolution


def within(sessions: Iterable[Coming], period: Period) -> list[Coming]:
    """Those that begin in these days, and those at one's own pace unless the days are over."""
    begins, ends = reading.midnight(period.first, zone()), reading.midnight(_after(period.last), zone())
    is_over = ends <= clock.now()
    return [
        one for one in sessions if (not is_over if one.starts_at is None else begins <= one.starts_at < ends)
    ]


def _after(day_: date) -> date:
    return date.fromordinal(day_.toordinal() + 1)
