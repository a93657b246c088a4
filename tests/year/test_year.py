"""A whole year of one small association, through the screens and the worker, with the clock moved.

Twelve months, sixty sessions of which four are terms of reflective practice groups, and eight hundred people. At the
end everybody's mailbox holds exactly the letters that plain rules (tests/year/expected.py) say, although the mail
server died twice in the year and forgot to acknowledge what it had taken; and nothing in the database is broken."""

import heapq
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.cli.work import HOURLY, handlers
from catalog.config import Settings
from catalog.courses.models import Meeting
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db, writing
from catalog.notices import worker
from catalog.notices.models import Job, JobState
from catalog.reports.checking import invariants
from tests import factories as make
from tests.calendars.client import Calendar
from tests.year import screens
from tests.year.expected import Letters, Run
from tests.year.screens import Browser
from tests.year.sink import Sink

CENTRAL = ZoneInfo("America/Chicago")
PEOPLE = 800
IN_SERVICE = 56
TRAINERS = ("ivo@example.org", "tess@example.org")
MIRA = "mira@example.org"
COUNTIES = ("01101", "01089", "01073", "01097", "01117", "01003")
TICKS = (time(9), time(21))
"""When the worker is let run each day, by the clock in Alabama; it also runs after nothing else."""


def instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CENTRAL).astimezone(UTC)


class Year:
    """The catalog, everybody's browser, and what is going to happen when."""

    def __init__(self, app: Flask, settings: Settings, sink: Sink) -> None:
        self.app, self.sink = app, sink
        self.settings = settings
        self.browsers: dict[str, Browser] = {}
        self.runs: dict[int, Run] = {}
        self.letters: Letters = Counter()
        self.agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self.order = count()
        self.chance = random.Random(2027)

    def plan(self, at: datetime, what: Callable[[], None]) -> None:
        heapq.heappush(self.agenda, (at, next(self.order), what))

    def live(self) -> None:
        while self.agenda:
            at, _, what = heapq.heappop(self.agenda)
            with time_machine.travel(at, tick=False):
                what()

    def browser(self, email: str) -> Browser:
        return self.browsers.setdefault(email, Browser(self.app, email))

    def work(self) -> None:
        """The worker does what is due; the plain rules do what is due."""
        worker.work(self.app, self.handlers(), stop=threading.Event(), once=True, hourly=HOURLY)
        now = clock.now()
        for run in self.runs.values():
            run.settle(now)
            run.end_waitlist(now)
            run.remind(now, is_reachable=self.sink.controller is not None)
            run.ask_what_they_think(now)

    def handlers(self) -> dict[str, worker.Handler]:
        return handlers(self.settings)

    def enrollment_of(self, email: str, offering_id: int) -> int:
        """The number that a trainer reads in the address of a person on the roster."""
        with self.app.app_context():
            writing.set(False)
            found = db.session.scalar(
                sa.select(Enrollment.id)
                .join(Enrollment.person)
                .where(
                    Person.email == email,
                    Enrollment.offering_id == offering_id,
                    Enrollment.state.in_((State.SEATED, State.REQUESTED, State.WAITING, State.OFFERED)),
                )
            )
        assert found is not None
        return found

    # The people, and what they do.

    def begin(self) -> None:
        names = {"ivo@example.org": "Ivo Sample", "tess@example.org": "Tess Sample", MIRA: "Mira Sample"}
        names |= {f"person{number}@example.org": f"Person {number} Sample" for number in range(1, PEOPLE + 1)}
        for email, name in names.items():
            browser = self.browser(email)
            browser.sign_up(name)
            browser.post("/account", {"name": name, "county": self.chance.choice(COUNTIES), "zone": ""})
        with self.app.app_context():
            writing.set(True)
            make.topic("TF.attachment"), make.topic("SE.community")
            self.topics = {
                topic.id: area.id
                for code in ("TF", "SE")
                for area in [make.area(code)]
                for topic in [make.topic("TF.attachment" if code == "TF" else "SE.community")]
            }
            for email in TRAINERS:
                self.person(email).is_trainer = True
            self.person(MIRA).coordinates = True
            db.session.commit()

    def person(self, email: str) -> Person:
        return db.session.scalars(sa.select(Person).where(Person.email == email)).one()

    def course(self, title: str, trainer: str, **typed: str) -> int:
        topic_id, area_id = self.chance.choice(list(self.topics.items()))
        course_id = screens.write_course(
            self.browser(trainer),
            self.browser(MIRA),
            area_id,
            [str(topic_id)],
            title=title,
            summary="A sample.",
            **typed,
        )
        self.letters[MIRA, f"To review: {title}"] += 1
        self.letters[trainer, f"Published: {title}"] += 1
        return course_id

    def post(
        self, title: str, course_id: int, trainer: str, days: list[date], capacity: int, **typed: str
    ) -> Run:
        starts, ends = time(9), time(12) if "ledger" not in typed else time(11)
        offering_id = screens.post_session(
            self.browser(trainer),
            course_id,
            [day.isoformat() for day in days],
            f"{starts:%H:%M}",
            f"{ends:%H:%M}",
            capacity=str(capacity),
            **typed,
        )
        run = Run(
            title,
            capacity,
            trainer,
            [(instant(day, starts), instant(day, ends)) for day in days],
            approves="question" in typed,
            letters=self.letters,
        )
        self.runs[offering_id] = run
        run.offering_id = offering_id
        run.write(trainer, "For your calendar")
        return run

    def next_term(self, run: Run) -> None:
        """The dates that the screen proposes, and two weeks to answer."""
        url = f"/groups/{run.offering_id}/next"
        fields = screens.form_of(self.browser(run.trainer).get(url).text, url)
        answer_by = clock.now().astimezone(CENTRAL).date() + timedelta(days=14)
        answer = self.browser(run.trainer).post(url, {**fields, "answer_by": answer_by.isoformat()})
        offering_id = screens.number_in(answer.location)
        following = Run(run.title, run.capacity, run.trainer, self.meetings_of(offering_id), approves=True)
        following.letters, following.per_meeting, following.offering_id = self.letters, True, offering_id
        following.members = set(run.seated)
        following.write(run.trainer, "For your calendar")
        for email in run.seated:
            following.joined[email] = clock.now()
            following.offer(email, clock.now(), instant(answer_by, time(23, 59)) + timedelta(minutes=1))
            following.write(email, "Your seat in the next term")
        self.runs[offering_id] = following
        after(self, following)

    def meetings_of(self, offering_id: int) -> list[tuple[datetime, datetime]]:
        with self.app.app_context():
            writing.set(False)
            select = sa.select(Meeting.starts_at, Meeting.ends_at).where(Meeting.offering_id == offering_id)
            return [
                (row.starts_at, row.ends_at) for row in db.session.execute(select.order_by(Meeting.number))
            ]

    def join(self, email: str, run: Run) -> None:
        if run.cancelled:
            return
        screens.join(self.browser(email), run.offering_id, "Because of the children." if run.approves else "")
        if run.approves:
            run.ask_to_join(email, clock.now())
            self.plan(clock.now() + timedelta(hours=20), partial(self.approve, email, run))
        else:
            run.join(email, clock.now())

    def approve(self, email: str, run: Run) -> None:
        screens.approve(self.browser(run.trainer), self.enrollment_of(email, run.offering_id))
        run.approve(email)

    def leave(self, email: str, run: Run) -> None:
        if email in run.everybody() and not run.cancelled:
            screens.act(self.browser(email), run.offering_id, "withdraw")
            run.leave(email, clock.now())

    def decide_offers(self) -> None:
        """Whoever was written that a seat is kept for them takes it, gives it back, or does not read their mail."""
        for run in self.runs.values():
            for email in run.offered.keys() - run.decided:
                run.decided.add(email)
                at = clock.now() + timedelta(minutes=self.chance.randint(5, 300))
                match self.chance.choices(("accept", "decline", "ignore"), (6, 2, 2))[0]:
                    case "accept":
                        self.plan(at, partial(self.accept, email, run))
                    case "decline":
                        self.plan(at, partial(self.decline, email, run))

    def accept(self, email: str, run: Run) -> None:
        if email in run.offered and run.offered[email] > clock.now() and not run.cancelled:
            screens.act(self.browser(email), run.offering_id, "accept")
            run.accept(email)

    def decline(self, email: str, run: Run) -> None:
        if email in run.offered and run.offered[email] > clock.now() and not run.cancelled:
            screens.act(self.browser(email), run.offering_id, "decline")
            run.decline(email, clock.now())

    def change_room(self, run: Run) -> None:
        screens.move_room(self.browser(run.trainer), run.offering_id, "Another hall, Montgomery")
        run.changed_at = clock.now()
        run.write(run.trainer, "For your calendar")

    def cancel(self, run: Run) -> None:
        screens.cancel(self.browser(run.trainer), run.offering_id)
        run.cancel()
        run.write(run.trainer, "For your calendar")

    # What happens at and after a session.

    def mark(self, run: Run, number: int) -> None:
        """Everybody was there but a few."""
        if run.cancelled:
            return
        with self.app.app_context():
            writing.set(False)
            meeting_id = db.session.scalars(
                sa.select(Meeting.id).where(Meeting.offering_id == run.offering_id, Meeting.number == number)
            ).one()
        absent = {email for email in run.seated if self.chance.random() < 0.08}
        form = {"everyone": str(meeting_id)}
        for email in absent:
            form[f"mark-{meeting_id}-{self.enrollment_of(email, run.offering_id)}"] = "absent"
        self.browser(run.trainer).post(f"/offerings/{run.offering_id}/attendance", form)
        for email in run.seated:
            run.marks.setdefault(email, []).append(email not in absent)

    def close(self, run: Run) -> None:
        if not run.cancelled:
            self.browser(run.trainer).post(f"/offerings/{run.offering_id}/attendance/close")
            run.close()
            self.letters[MIRA, "A roster is overdue"] += run.is_late

    def evaluate(self) -> None:
        for run in self.runs.values():
            for email in sorted(run.asked.keys() - run.thought_about):
                run.thought_about.add(email)
                if self.chance.random() < 0.6:
                    at = clock.now() + timedelta(minutes=self.chance.randint(5, 300))
                    self.plan(at, partial(self.answer, email, run))

    def answer(self, email: str, run: Run) -> None:
        screens.evaluate(self.browser(email), run.offering_id)
        run.answer(email)


def tick(year: Year) -> None:
    year.work()
    year.decide_offers()
    year.evaluate()


def a_session(year: Year, number: int, course_id: int, title: str, trainer: str) -> None:
    """One in-service session from its posting to its closing."""
    chance = year.chance
    posted = date(2027, 1, 6) + timedelta(days=round(number * 5.2))
    first = posted + timedelta(days=42)
    days = [first + timedelta(weeks=week) for week in range((1, 1, 2, 3)[number % 4])]
    capacity = chance.randint(5, 12)

    def post() -> None:
        run = year.post(title, course_id, trainer, days, capacity)
        run.asks_before_certificate = "certificate waits" in title
        for email in chance.sample(PROFESSIONALS, capacity + chance.randint(-1, 6)):
            at = instant(posted, time(10)) + timedelta(minutes=chance.randint(60, 38 * 24 * 60))
            year.plan(at, partial(year.join, email, run))
            if chance.random() < 0.2:
                back = at + timedelta(minutes=chance.randint(60, 3 * 24 * 60))
                year.plan(back, partial(year.leave, email, run))
        if number % 10 == 3:
            year.plan(run.starts - timedelta(days=10), partial(year.change_room, run))
        if number % 25 == 7:
            year.plan(run.starts - timedelta(days=6), partial(year.cancel, run))
        after(year, run, late=number % 20 == 9)

    year.plan(instant(posted, time(10)), post)


def after(year: Year, run: Run, *, late: bool = False) -> None:
    for number, (_, ends) in enumerate(run.meetings, 1):
        year.plan(ends + timedelta(hours=1), partial(year.mark, run, number))
    run.is_late = late
    year.plan(
        run.ends + (timedelta(days=8, hours=2) if late else timedelta(hours=2)), partial(year.close, run)
    )


def a_term(year: Year, course_id: int, title: str, trainer: str, first: date) -> None:
    """A reflective practice group: monthly, eight seats, people apply; the next term asks its members first."""
    days = [first + timedelta(weeks=4 * month) for month in range(5)]

    def post() -> None:
        typed = {"question": "Why this group?", "needs_approval": "y", "ledger": "rsc"}
        run = year.post(title, course_id, trainer, days, 8, **typed)
        run.per_meeting = True
        for email in year.chance.sample(PROFESSIONALS, 10):
            at = clock.now() + timedelta(minutes=year.chance.randint(60, 10 * 24 * 60))
            year.plan(at, partial(year.join, email, run))
        after(year, run)
        year.plan(run.ends + timedelta(days=3), partial(year.next_term, run))

    year.plan(instant(first - timedelta(days=20), time(11)), post)


UNTIL = re.compile("until .*?: ")
PROFESSIONALS = [f"person{number}@example.org" for number in range(1, PEOPLE + 1)]


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def year(app: Flask, settings: Settings, sink: Sink, _rows: None) -> Year:
    app.config["WTF_CSRF_ENABLED"] = False
    return Year(app, replace(settings, mail=sink.server), sink)


# Nine minutes of a processor: once is enough. What differs between the databases has tests of its own on both.
@pytest.mark.sqlite
@pytest.mark.timeout(2400)
def test_a_year(year: Year) -> None:
    with time_machine.travel(instant(date(2027, 1, 4), time(9)), tick=False):
        year.begin()
        courses = []
        for number in range(8):
            waits = {"asking": "before_certificate"} if number % 4 == 1 else {"asking": "optional"}
            title = f"Course {number}" + (", whose certificate waits" if number % 4 == 1 else "")
            trainer = TRAINERS[number % 2]
            courses.append((year.course(title, trainer, **waits), title, trainer))
        groups = []
        for number in range(2):
            typed = {"kind": "reflective_group", "credit_rule": "per_meeting", "asking": "none"}
            groups.append(
                (
                    year.course(f"Group {number}", TRAINERS[number], **typed),
                    f"Group {number}",
                    TRAINERS[number],
                )
            )
    for number in range(IN_SERVICE):
        a_session(year, number, *courses[number % len(courses)])
    for group in groups:
        a_term(year, *group, date(2027, 2, 3))
    for day in range(362):
        for at in TICKS:
            year.plan(instant(date(2027, 1, 4) + timedelta(days=day), at), partial(tick, year))
    # The server is away for a day and a half in March, and in June it forgets to acknowledge fifty letters.
    year.plan(instant(date(2027, 3, 15), time(8)), year.sink.stop)
    year.plan(instant(date(2027, 3, 16), time(20)), year.sink.start)
    year.plan(instant(date(2027, 6, 1), time(8)), partial(setattr, year.sink, "forgetful", 50))
    year.live()
    assert_everything_arrived(year)
    assert_calendars_are_right(year)
    assert_nothing_is_broken(year)


def assert_everything_arrived(year: Year) -> None:
    found = Counter((one.to, UNTIL.sub("until: ", one.subject)) for one in year.sink.each_once())
    assert {"too many": found - year.letters, "missing": year.letters - found} == {
        "too many": {},
        "missing": {},
    }
    assert len(year.sink.arrived) > found.total()
    with year.app.app_context():
        writing.set(False)
        assert (
            db.session.scalars(
                sa.select(Job.id).where(Job.state != JobState.DONE, Job.run_at <= clock.now())
            ).all()
            == []
        )


def assert_calendars_are_right(year: Year) -> None:
    """Everybody's calendar program, which knows nothing but their mail, shows what they have a seat on or teach."""
    calendars: dict[str, Calendar] = {}
    for one in year.sink.arrived:
        for part in one.message.walk():
            # The first meeting stands in the letter itself, the others are files beside it.
            if part.get_content_type() in ("text/calendar", "application/ics"):
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                calendars.setdefault(one.to, Calendar()).take(content)
    wanted: dict[str, Counter[datetime]] = {}
    for run in year.runs.values():
        for email in [*run.seated, run.trainer] if not run.cancelled else []:
            wanted.setdefault(email, Counter()).update(starts for starts, _ in run.meetings)
    shown = {
        email: Counter(event.starts for event in calendar.shown.values())
        for email, calendar in calendars.items()
    }
    assert {email: events for email, events in shown.items() if events} == wanted


def assert_nothing_is_broken(year: Year) -> None:
    with year.app.app_context():
        writing.set(False)
        for name, _, select in invariants.ALL:
            assert db.session.execute(select).all() == [], name
