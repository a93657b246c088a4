"""Supply against demand: who misses a topic, which seats are coming, and what to schedule next."""

from functools import partial

from flask import current_app

from catalog import clock
from catalog.reports.counties import map as maps
from catalog.reports.demand.found import find, horizons, zone
from catalog.reports.demand.next import NEAR_KM, suggested
from catalog.reports.demand.rows import behind
from catalog.reports.demand.tables import county_table, horizon_table, topic_table
from catalog.reports.frame import Asked, Question, Report
from catalog.reports.period import Preset


def answer(asked: Asked) -> Report:
    found = find(asked)
    if found is None:
        return Report((), None, is_tallied=True)
    state = current_app.config["CATALOG"].state
    tables = (topic_table(found), horizon_table(asked, found), county_table(asked, found))
    more = {
        "map": partial(maps.drawn, state, column="short", chosen=asked.counties),
        "next": suggested(asked, found),
        "horizons": horizons(clock.today(zone())),
        "topics": found.topics,
        "near_km": NEAR_KM,
    }
    return Report(tables, found.run.at, is_tallied=True, more=more)


QUESTION = Question(
    "demand",
    "Supply against demand",
    "Who still misses a topic for what they work toward, which seats are coming, and what to schedule next.",
    "People with an open goal whose trainings do not cover a topic that their category asks for, as their own goal "
    "page says it: not even one that is booked or waits to be looked at. Topics that are shown mainly by references "
    "are left out. Seats are free seats of sessions that begin in these days and can still be joined; a session with "
    "people waiting has none. Who misses what is reckoned once an hour, seats are counted as of now.",
    answer,
    behind,
    Preset.YEAR_AHEAD,
    "reports/demand.html",
)
