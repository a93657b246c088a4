"""Sessions that show something particular, each named by its course and its place in the plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from catalog.accounts.models import Person
from catalog.courses.schedule import Sitting
from catalog.demo.cast import Cast
from catalog.demo.programme import SUNDAY, Session


@dataclass(frozen=True)
class Scene:
    """What is different about a session.

    `ana` says where Ana stands in the row of those who join: "first", "next" (right behind the last seat),
    "third" (two wait before her), or "" when she does not come. `is_still` means that nobody leaves."""

    ana: str = ""
    is_full: bool = False
    leaves_late: bool = False
    is_still: bool = False
    more_seats: bool = False
    marks: bool = True
    closes: bool = True
    cancel_reason: str = ""
    dispute: str = ""
    """What became of the mark that Ana says is not right: "open" or "settled"."""
    ended_days_ago: int = 0
    """Moved so that it ended on this day; 0 leaves it where it lies."""

    def people(
        self, cast: Cast, free: Sequence[Person], crowd: float, seats: int, rng: Random
    ) -> list[Person]:
        """Those who join, in order, out of those who have time."""
        wanted = seats + 4 if self.is_full or self.ana in ("next", "third") else round(seats * crowd)
        found = rng.sample(free, min(wanted, len(free)))
        if self.ana:
            found.insert({"first": 0, "next": seats, "third": seats + 2}[self.ana], cast.ana)
        return found


PLAIN = Scene()

# (course, is it past, which of them: 0 is the nearest to today)
SCENES: dict[tuple[str, bool, int], Scene] = {
    ("Workshop 1: In the Beginning", True, 0): Scene(closes=False),
    ("Workshop 1: In the Beginning", True, 1): Scene(ana="first", dispute="settled"),
    ("Sample course: Holding steady in hard conversations", True, 0): Scene(
        is_full=True, marks=False, closes=False
    ),
    ("Sample course: Holding steady in hard conversations", True, 1): Scene(ana="first", is_full=True),
    ("Sample course: Watching together, part 1", True, 0): Scene(ana="first"),
    ("Sample course: Rules and reporting in Alabama", True, 0): Scene(ana="first", dispute="open"),
    ("Sample course: The first home visit", True, 0): Scene(marks=False, closes=False, ended_days_ago=8),
    ("RSLC monthly reflective consultation", False, 0): Scene(ana="first", is_full=True),
    ("How To Be a Reflective Supervisee", False, 0): Scene(ana="first"),
    ("Sample course: Sleep, food and routines", False, 0): Scene(ana="first"),
    ("Sample course: Holding steady in hard conversations", False, 1): Scene(ana="next", leaves_late=True),
    ("Workshop 1: In the Beginning", False, 1): Scene(ana="third", is_still=True),
    ("Infant and early childhood mental health fundamentals", False, 1): Scene(ana="first"),
    ("Promoting Parent-Child Attachment", False, 1): Scene(is_full=True, leaves_late=True),
    ("Sample course: Watching together, part 1", False, 1): Scene(is_full=True, is_still=True),
    ("How To Be a Reflective Supervisee", False, 1): Scene(is_full=True, more_seats=True),
    ("Sample course: Sleep, food and routines", False, 1): Scene(
        is_full=True, is_still=True, cancel_reason="The trainer is ill; a new date follows (sample reason)."
    ),
}


def scene_of(session: Session) -> Scene:
    return SCENES.get((session.run.course, session.is_past, session.number), PLAIN)


def apart(sessions: Sequence[Session]) -> list[Session]:
    """The same sessions, with those that Ana joins moved until no day has two of them."""
    taken: set[date] = set()
    found = []
    for session in sessions:
        moved = session
        if scene_of(session).ana:
            while any(day in taken or day.weekday() == SUNDAY for day in _days(moved)):
                moved = _a_day_earlier(moved)
            taken |= _days(moved)
        found.append(moved)
    return found


def overdue(sessions: Sequence[Session], today: date) -> list[Session]:
    """The same sessions, with those whose roster is to be overdue moved to the day they ended on."""
    return [_ended(session, today, scene_of(session).ended_days_ago) for session in sessions]


def _ended(session: Session, today: date, days_ago: int) -> Session:
    if not days_ago:
        return session
    later = today - timedelta(days=days_ago) - session.sittings[-1].ends.date()
    return _moved(session, later)


def _days(session: Session) -> set[date]:
    return {sitting.starts.date() for sitting in session.sittings}


def _a_day_earlier(session: Session) -> Session:
    return _moved(session, -timedelta(days=1))


def _moved(session: Session, by: timedelta) -> Session:
    sittings = tuple(Sitting(sitting.starts + by, sitting.ends + by) for sitting in session.sittings)
    return replace(session, sittings=sittings)
