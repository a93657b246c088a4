"""Supply against demand equals what one finds by asking each person's goals and each session, one by one."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from catalog import clock
from catalog.competencies.models import Ledger
from catalog.courses.models import CourseState, Format, Listing, Offering, OfferingState
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.reports import masking
from catalog.reports.demand import reading
from catalog.reports.frame import TOTAL, Asked, Hidden, Report, Which
from catalog.reports.questions import demand
from tests import factories as make
from tests.endorsement import goals
from tests.reports import crowd
from tests.reports.world import figures, table
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")
PLACES = ((), ("01101",), ("01051", "13121"))
ASKED = [(months, counties) for months in (3, 12) for counties in PLACES]


@pytest.fixture(params=range(3))
def seed(request: pytest.FixtureRequest) -> int:
    crowd.reckoned(request.param)
    return int(request.param)


def asked(months: int, counties: tuple[str, ...] = ()) -> Asked:
    return crowd.ahead(months)._replace(counties=counties)


class Plain:
    """Everything looked at once, one by one."""

    def __init__(self, ask: Asked) -> None:
        self.people = list(crowd.missing_by_person().values())
        self.sessions = crowd.coming(ask)
        self.counties = ask.counties

    def is_asked(self, place: str) -> bool:
        return not self.counties or place in self.counties

    def missing(self, topic_id: int) -> int:
        return sum(topic_id in topics and self.is_asked(county) for county, topics in self.people)

    def seats(self, topic_id: int) -> dict[str, tuple[int, int, int]]:
        """By place: free seats, sessions without a limit, sessions not reviewed."""
        found: dict[str, tuple[int, int, int]] = {}
        for one, place, free in self.sessions:
            covers = crowd.reviewed(one.course)
            if topic_id not in covers:
                continue
            seats, unlimited, unreviewed = found.get(place, (0, 0, 0))
            if not covers[topic_id]:
                unreviewed += 1
            elif free is None:
                unlimited += 1
            else:
                seats += free
            found[place] = seats, unlimited, unreviewed
        return found

    def short(self, topic_id: int) -> dict[str, int]:
        seats = self.seats(topic_id)
        found = {}
        for county in {county for county, _ in self.people if self.is_asked(county)}:
            people = sum(county == where and topic_id in topics for where, topics in self.people)
            free, unlimited, _ = seats.get(county or "nowhere", (0, 0, 0))
            found[county] = 0 if unlimited else max(people - free, 0)
        return found


def test_topics_equal_a_plain_recount(seed: int) -> None:
    for ask in (asked(*one) for one in ASKED):
        plain, found = Plain(ask), table(demand.answer(ask), "topics")
        assert [line.key for line in found.lines] == [one.code for one in reading.topics()]
        for topic, line in zip(reading.topics(), found.lines, strict=True):
            seats = plain.seats(topic.id)
            here = {place: of for place, of in seats.items() if place == "online" or plain.is_asked(place)}
            short = sum(plain.short(topic.id).values())
            free, unlimited, _ = seats.get("online", (0, 0, 0))
            assert line.figures == (
                plain.missing(topic.id),
                sum(of[0] for place, of in here.items() if place != "online"),
                free,
                sum(of[1] for of in here.values()),
                sum(of[2] for of in here.values()),
                short,
                0 if unlimited else max(short - free, 0),
            )


def test_counties_equal_a_plain_recount(seed: int) -> None:
    for ask in (asked(12, counties) for counties in PLACES):
        plain, topics = Plain(ask), reading.topics()
        short = [plain.short(topic.id) for topic in topics]
        for line in table(demand.answer(ask), "counties").lines:
            place = "" if line.key == "none" else line.key
            assert line.figures == (
                sum(county == place and bool(missing) for county, missing in plain.people),
                sum(len(missing) for county, missing in plain.people if county == place),
                sum(
                    free or 0
                    for one, where, free in plain.sessions
                    if where == (place or "unplaced")
                    and any(crowd.reviewed(one.course).get(topic.id) for topic in topics)
                ),
                sum(of.get(place, 0) for of in short),
            )


def test_horizons_hold_each_other(seed: int) -> None:
    lines = table(demand.answer(asked(12)), "horizons").lines
    assert [line.key for line in lines] == ["3", "6", "12"]
    for before, after in pairwise(lines):
        assert before.figures[1] <= after.figures[1]  # type: ignore[operator]
        assert before.figures[4] >= after.figures[4]  # type: ignore[operator]


def test_each_figure_has_its_rows() -> None:
    crowd.reckoned(2)
    ask = asked(12)
    report = demand.answer(ask)
    for key, column in (("topics", "missing"), ("counties", "people")):
        for line, figure in figures(report, key, column).items():
            found = demand.QUESTION.behind(ask, Which(key, line, column), 1)
            assert found is not None
            assert found.in_all == figure == len(found.rows)
    for key, column in (
        ("topics", "seats"),
        ("topics", "online"),
        ("counties", "seats"),
        ("horizons", "seats"),
    ):
        for line, figure in figures(report, key, column).items():
            found = demand.QUESTION.behind(ask, Which(key, line, column), 1)
            assert found is not None
            assert sum(row[-1].value for row in found.rows) == figure  # type: ignore[misc]
    for key, column, at in (("topics", "short", 2), ("counties", "missing", 2), ("counties", "short", 3)):
        for line, figure in figures(report, key, column).items():
            found = demand.QUESTION.behind(ask, Which(key, line, column), 1)
            assert found is not None
            assert sum(row[at].value for row in found.rows) == figure  # type: ignore[misc]
    for column in ("unlimited", "unreviewed"):
        for line, figure in figures(report, "topics", column).items():
            found = demand.QUESTION.behind(ask, Which("topics", line, column), 1)
            assert found is not None
            assert found.in_all == figure


@pytest.mark.parametrize(
    "which",
    [
        Which("topics", "nothing", "missing"),
        Which("topics", "TF.a", "nothing"),
        Which("counties", "01003", "nothing"),
        Which("horizons", "4", "seats"),
        Which("horizons", "3", "nothing"),
        Which("next", "1-01101", "people"),
        Which("nothing", TOTAL, "people"),
    ],
)
def test_no_rows_where_there_is_no_such_figure(which: Which) -> None:
    crowd.made(1, people=0, sessions=0)
    crowd.reckon()
    assert demand.QUESTION.behind(asked(12), which, 1) is None


def test_a_county_that_was_not_asked_for_shows_nobody() -> None:
    crowd.reckoned(1)
    assert demand.QUESTION.behind(asked(12, ("01101",)), Which("counties", "01051", "people"), 1) is None


def test_nothing_is_shown_before_anybody_was_reckoned() -> None:
    assert demand.answer(asked(12)) == Report((), None, is_tallied=True)
    assert demand.QUESTION.behind(asked(12), Which("counties", TOTAL, "people"), 1) is None


def test_small_counts_are_hidden_with_what_depends_on_them() -> None:
    _three_miss_it()
    masked = masking.masked(demand.answer(asked(12)))
    line = table(masked, "topics").lines[0].figures
    assert (line[0], line[5], line[6]) == (Hidden.SMALL, Hidden.HELD_BACK, Hidden.HELD_BACK)
    assert table(masked, "counties").total.figures[0] == Hidden.SMALL  # type: ignore[union-attr]
    assert all(line.figures[4:] == (Hidden.HELD_BACK,) * 2 for line in table(masked, "horizons").lines)


def _three_miss_it() -> None:
    category = make.category("IFS", asks=(make.topic("TF.a"),))
    goals.rule(category, 30)
    for _ in range(3):
        goals.goal(make.person(county="01101"), category)
    crowd.reckon()


def test_seats_online_are_taken_off_what_is_short_nearby() -> None:
    _three_miss_it()
    course = make.course(topics=("TF.a",))
    for one in course.topics:
        one.reviewed_at = clock.now()
    make.offering(course, seats=1)
    make.offering(course, seats=1, format=Format.VIRTUAL, county=None)
    db.session.flush()
    found = table(demand.answer(asked(12)), "topics").lines[0].figures
    assert found == (3, 1, 1, 0, 0, 2, 1)


def _reviewed(offering: Offering) -> Offering:
    for one in offering.course.topics:
        one.reviewed_at = clock.now()
    db.session.flush()
    return offering


def _waited_for(offering: Offering) -> None:
    waiting = Enrollment(
        person=make.person(),
        offering=offering,
        state=State.WAITING,
        joined_at=clock.now(),
        queued_at=clock.now(),
    )
    make._add(waiting)


SPOILT: dict[str, Callable[[Offering], object]] = {
    "cancelled": lambda one: setattr(one, "state", OfferingState.CANCELLED),
    "closed": lambda one: setattr(one, "closes_at", clock.now() - timedelta(hours=1)),
    "begun": lambda one: setattr(one, "starts_at", clock.now() - timedelta(hours=1)),
    "waited for": _waited_for,
    "suspended": lambda one: setattr(one.course, "listing", Listing.SUSPENDED),
    "not published": lambda one: setattr(one.course, "state", CourseState.DRAFT),
    "applied for elsewhere": lambda one: setattr(one.course, "apply_url", "https://example.org"),
    "of RSC alone": lambda one: setattr(one.meetings[0], "ledger", Ledger.RSC),
}


@pytest.mark.parametrize("how", [None, *SPOILT])
def test_a_seat_that_nobody_can_take_for_training_is_none(how: str | None) -> None:
    offering = _reviewed(make.offering(make.course(topics=("TF.a",)), seats=4))
    if how:
        SPOILT[how](offering)
        db.session.flush()
    crowd.reckon()
    assert table(demand.answer(asked(12)), "topics").lines[0].figures[1] == (0 if how else 4)


def test_an_answer_takes_as_many_statements_whoever_there_is() -> None:
    crowd.made(1, people=6, sessions=4)
    few = _statements()
    crowd_more()
    assert _statements() == few


def crowd_more() -> None:
    for category in crowd.categories().values():
        for _ in range(20):
            goals.goal(make.person(county="01001"), category)
    for _ in range(10):
        make.offering(make.course(topics=("TF.a",), areas=()))


def _statements() -> int:
    crowd.reckon()
    db.session.commit()
    with counted() as seen:
        demand.answer(asked(12))
    # Each suggestion, of which there are at most five, counts its people.
    return len([one for one in seen if "count(DISTINCT" not in one])
