"""The tables of the report on supply and demand: by topic, by horizon, by county."""

from collections import Counter
from collections.abc import Collection

from catalog import clock
from catalog.reports.counties import lines
from catalog.reports.demand import reading
from catalog.reports.demand.found import (
    Found,
    horizons,
    useful,
    within,
    zone,
)
from catalog.reports.demand.gaps import ONLINE, UNPLACED, Gap, supply
from catalog.reports.demand.reading import TopicName
from catalog.reports.frame import TOTAL, Asked, Chart, Column, Drawing, Line, Table, Unit

NO_SEAT_NEAR = "No seat in their county"
NO_SEAT_AT_ALL = "No seat online either"
TOPIC_COLUMNS = (
    Column("missing", "People who miss it", Unit.PEOPLE),
    Column("seats", "Seats in person"),
    Column("online", "Seats online"),
    Column("unlimited", "Sessions without a limit"),
    Column("unreviewed", "Sessions not reviewed"),
    Column("short", NO_SEAT_NEAR, depends_on="missing"),
    Column("left", NO_SEAT_AT_ALL, depends_on="missing"),
)


def topic_table(found: Found) -> Table:
    return Table(
        "topics",
        "Topics: who misses them, and the seats that are coming",
        "Topic",
        TOPIC_COLUMNS,
        tuple(
            Line(one.code, f"{one.name} ({one.area})", _figures(found.by_topic[one.id]))
            for one in found.topics
        ),
        adds_up=False,
        chart=Chart(Drawing.HEAT, "People who miss a topic", ("missing", "short", "left"), "People"),
        note="One person may miss many topics and one seat may cover many, so the lines are not added. A seat counts "
        "for a topic where a coordinator has reviewed that the course covers it; sessions of which nobody has "
        "reviewed it stand in a column of their own, and their seats are counted nowhere.",
    )


def _figures(one: Gap) -> tuple[int, ...]:
    return one.missing, one.seats, one.online, one.unlimited, one.unreviewed, one.short, one.left


HORIZON_COLUMNS = (
    Column("people", "People who miss a topic", Unit.PEOPLE, opens=False),
    Column("seats", "Seats in person"),
    Column("online", "Seats online"),
    Column("unlimited", "Sessions without a limit"),
    Column("short", "Missed topics without a seat in the county", depends_on="people", opens=False),
    Column("left", "Missed topics without a seat online either", depends_on="people", opens=False),
)


def horizon_table(asked: Asked, found: Found) -> Table:
    by_county = reading.people_by_county(found.run)
    people = sum(many for county, many in by_county.items() if not asked.counties or county in asked.counties)
    made = []
    ahead = horizons(clock.today(zone()))
    for months, period in ahead.items():
        sessions = within(found.ahead, period)
        by_topic = found.gaps(supply(sessions, found.mapped), asked.counties)
        seats = useful(sessions, found, asked.counties)
        figures = (
            people,
            sum(one.free or 0 for one in seats if one.place != ONLINE),
            sum(one.free or 0 for one in seats if one.place == ONLINE),
            sum(one.free is None for one in seats),
            sum(one.short for one in by_topic.values()),
            sum(one.left for one in by_topic.values()),
        )
        made.append(Line(str(months), f"{months} months", figures))
    return Table(
        "horizons",
        "The next 3, 6 and 12 months",
        "From today",
        HORIZON_COLUMNS,
        tuple(made),
        adds_up=False,
        note="Each line holds those above it. A person who misses three topics counts three times among missed "
        "topics.",
    )


COUNTY_COLUMNS = (
    Column("people", "People who miss a topic", Unit.PEOPLE),
    Column("missing", "Missed topics", depends_on="people"),
    Column("seats", "Seats in person"),
    Column("short", "Missed topics without a seat in the county", depends_on="people"),
)


def county_table(asked: Asked, found: Found) -> Table:
    people = reading.people_by_county(found.run)
    seats: Counter[str] = Counter()
    for one in useful(found.sessions, found, asked.counties):
        seats[one.place] += one.free or 0
    rows: dict[str, tuple[int, ...]] = {}
    for county in lines.keys(asked.counties, _in_use(people, seats)):
        place = lines.place_of(county)
        missing = sum(found.missed.get(topic.id, {}).get(place, 0) for topic in found.topics)
        short = sum(gap.short_by[place] for gap in found.by_topic.values())
        rows[county] = (people.get(place, 0), missing, seats[place or UNPLACED], short)
    return Table(
        "counties",
        "By county",
        "County",
        COUNTY_COLUMNS,
        tuple(Line(county, lines.said(county), figures) for county, figures in rows.items()),
        Line(TOTAL, "All together", _sums(rows.values(), 4)),
        note="People count where they work. A person who misses three topics counts three times among missed topics. "
        "Seats online can be taken from any county and are not counted here. "
        f"{lines.REST}",
    )


def _in_use(missed: Collection[str], coming: Collection[str]) -> set[str]:
    """Where people who miss something work, and where seats are coming; none named is "" for both."""
    return {"" if place == UNPLACED else place for place in (*missed, *coming)} - {ONLINE}


TOPIC_COUNTY_COLUMNS = (
    Column("missing", "People who miss it", Unit.PEOPLE),
    Column("seats", "Seats in person"),
    Column("short", NO_SEAT_NEAR, depends_on="missing"),
)


def topic_by_county(asked: Asked, found: Found, topic: TopicName) -> Table:
    """One topic, which the key of the table names, so that the rows behind its figures can be found."""
    missed, coming = found.missed.get(topic.id, {}), found.coming.get(topic.id, {})
    short = found.by_topic[topic.id].short_by
    rows = {}
    for county in lines.keys(asked.counties, _in_use(missed, coming)):
        place = lines.place_of(county)
        seats = coming[place or UNPLACED].seats if (place or UNPLACED) in coming else 0
        rows[county] = (missed.get(place, 0), seats, short[place])
    return Table(
        f"topic-{topic.code}",
        f"{topic.name} by county",
        "County",
        TOPIC_COUNTY_COLUMNS,
        tuple(Line(county, lines.said(county), figures) for county, figures in rows.items()),
        Line(TOTAL, "All together", _sums(rows.values(), 3)),
        note=lines.REST,
    )


def _sums(rows: Collection[tuple[int, ...]], width: int) -> tuple[int, ...]:
    return tuple(sum(row[at] for row in rows) for at in range(width))
