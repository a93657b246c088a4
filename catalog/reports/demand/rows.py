"""The rows behind the figures of supply and demand: people, sessions, counties, topics."""

from collections.abc import Callable, Collection, Mapping, Sequence

from catalog import clock
from catalog.places import county_name
from catalog.reports.counties import lines
from catalog.reports.demand import next as suggesting
from catalog.reports.demand import reading
from catalog.reports.demand.found import (
    HORIZONS,
    Found,
    find,
    horizons,
    useful,
    within,
    zone,
)
from catalog.reports.demand.gaps import ONLINE, UNPLACED, Coming, Gap, gap
from catalog.reports.demand.reading import TopicName
from catalog.reports.demand.tables import NO_SEAT_NEAR
from catalog.reports.frame import PER_PAGE, TOTAL, Asked, Behind, Cell, To, Which
from catalog.wording import day

Page = Callable[[int], Behind]
"""Gives a page of the rows."""


def behind(asked: Asked, which: Which, page: int) -> Behind | None:
    found = find(asked)
    shown = found and _shown(asked, found, which)
    return shown(page) if shown else None


def _shown(asked: Asked, found: Found, which: Which) -> Page | None:
    kind, _, code = which.table.partition("-")
    match kind:
        case "topics":
            topic = next((one for one in found.topics if one.code == which.line), None)
            return topic and _of_topic(asked, found, topic, which.column)
        case "topic":
            topic = next((one for one in found.topics if one.code == code), None)
            return topic and _of_topic_there(asked, found, topic, which)
        case "counties":
            return _of_county(asked, found, which)
        case "horizons" if which.line in map(str, HORIZONS):
            period = horizons(clock.today(zone()))[int(which.line)]
            sessions = within(found.ahead, period)
            return _sessions(
                _picked(useful(sessions, found, asked.counties), which.column), "sessions to come"
            )
        case "next":
            chosen = suggesting.chosen(asked, found, which.line)
            return chosen and _people(found, chosen.topic_ids, chosen.counties, "people it would help")
    return None


def _of_topic(asked: Asked, found: Found, topic: TopicName, column: str) -> Page | None:
    if column == "missing":
        return _people(found, [topic.id], asked.counties, f"people who miss {topic.name}")
    if column in ("short", "left"):
        return _short_by_county(found.by_topic[topic.id], found.missed.get(topic.id, {}), topic)
    is_reviewed = column != "unreviewed"
    sessions = [
        one
        for one in found.sessions
        if found.mapped.get(one.course_id, {}).get(topic.id) is is_reviewed
        and (not asked.counties or one.place == ONLINE or one.place in asked.counties)
    ]
    return _sessions(_picked(sessions, column), f"sessions that cover {topic.name}")


def _of_topic_there(asked: Asked, found: Found, topic: TopicName, which: Which) -> Page | None:
    """Of one topic in one county, or in all that were asked for. Behind those who are short stand all who miss it."""
    counties = _counties(asked, which.line)
    if counties is None:
        return None
    where = "" if which.line == TOTAL else f", {lines.said(which.line)}"
    if which.column in ("missing", "short"):
        return _people(found, [topic.id], counties, f"people who miss {topic.name}{where}")
    covering = [one for one in found.sessions if found.mapped.get(one.course_id, {}).get(topic.id)]
    return _sessions(_in_person(covering, which.column, counties), f"sessions in person{where}")


def _counties(asked: Asked, line: str) -> Collection[str] | None:
    """Those a line of counties speaks of, none being all of them; None where they were not asked for."""
    if line == TOTAL:
        return asked.counties
    if asked.counties and line not in asked.counties:
        return None
    return (lines.place_of(line),)


def _in_person(sessions: list[Coming], column: str, counties: Collection[str]) -> list[Coming] | None:
    places = {one or UNPLACED for one in counties}
    here = [one for one in sessions if one.place != ONLINE and (not places or one.place in places)]
    return _picked(here, column)


def _picked(sessions: list[Coming], column: str) -> list[Coming] | None:
    match column:
        case "seats":
            return [one for one in sessions if one.place != ONLINE and one.free is not None]
        case "online":
            return [one for one in sessions if one.place == ONLINE and one.free is not None]
        case "unlimited":
            return [one for one in sessions if one.free is None]
        case "unreviewed":
            return sessions
    return None


def _of_county(asked: Asked, found: Found, which: Which) -> Page | None:
    counties = _counties(asked, which.line)
    if counties is None:
        return None
    where = "" if which.line == TOTAL else f", {lines.said(which.line)}"
    match which.column:
        case "people":
            return _people(found, None, counties, f"people who miss a topic{where}")
        case "seats":
            covering = useful(found.sessions, found, asked.counties)
            return _sessions(_in_person(covering, "seats", counties), f"sessions in person{where}")
        case "missing" | "short":
            return _topics(found, counties, f"topics that are missed{where}")
    return None


def _people(found: Found, topic_ids: Collection[int] | None, counties: Collection[str], says: str) -> Page:
    def shown(page: int) -> Behind:
        rows = reading.who(found.run, topic_ids, counties, page=page, size=PER_PAGE)
        return Behind(
            says,
            ("Person", "County", "Works toward"),
            tuple(
                (
                    Cell(one.name, To.PERSON, one.id),
                    Cell(lines.said(one.county)),
                    Cell(one.categories),
                )
                for one in rows
            ),
            reading.count_who(found.run, topic_ids, counties),
        )

    return shown


def _sessions(sessions: list[Coming] | None, says: str) -> Page | None:
    if sessions is None:
        return None

    def shown(page: int) -> Behind:
        some = sessions[(page - 1) * PER_PAGE : page * PER_PAGE]
        rows = reading.session_rows([one.id for one in some])
        return Behind(
            says,
            ("Session", "Begins", "Where", "Free seats"),
            tuple(_session_cells(one, rows[one.id]) for one in some),
            len(sessions),
        )

    return shown


def _session_cells(one: Coming, row: reading.SessionRow) -> tuple[Cell, ...]:
    where = "Online" if one.place == ONLINE else county_name(row.county) or "No county named"
    begins = day(row.starts_at, row.zone) if row.starts_at else "At one’s own pace"
    seats = Cell("No limit") if one.free is None else Cell(one.free)
    return Cell(row.title, To.SESSION, one.id), Cell(begins), Cell(where), seats


def _short_by_county(of: Gap, missed: Mapping[str, int], topic: TopicName) -> Page:
    short_by = sorted(of.short_by.items(), key=lambda pair: (-pair[1], pair[0]))
    return _listed(
        f"where people miss {topic.name} and no seat is coming",
        ("County", "People who miss it", NO_SEAT_NEAR),
        [(Cell(lines.said(county)), Cell(missed[county]), Cell(short)) for county, short in short_by],
    )


def _topics(found: Found, counties: Collection[str], says: str) -> Page:
    missed: list[tuple[Cell, ...]] = []
    for topic in found.topics:
        one = gap(
            {c: n for c, n in found.missed.get(topic.id, {}).items() if not counties or c in counties},
            found.coming.get(topic.id, {}),
            (),
        )
        if one.missing:
            missed.append((Cell(topic.name), Cell(topic.area), Cell(one.missing), Cell(one.short)))
    return _listed(says, ("Topic", "Area", "People who miss it", NO_SEAT_NEAR), missed)


def _listed(says: str, head: tuple[str, ...], every: Sequence[tuple[Cell, ...]]) -> Page:
    def shown(page: int) -> Behind:
        return Behind(says, head, tuple(every[(page - 1) * PER_PAGE : page * PER_PAGE]), len(every))

    return shown
