"""What happened so far: every step goes through the real services, at the instant at which it would have."""

import heapq
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import deadlines
from catalog.attendance import services as attendance
from catalog.attendance.services.deadlines import remind
from catalog.competencies.models import Ledger
from catalog.courses import services as courses
from catalog.courses.models import Format, Meeting, MeetingKind, Offering
from catalog.courses.services import Row
from catalog.demo.cast import Cast
from catalog.demo.courses import course_called
from catalog.demo.disputes import plan_dispute
from catalog.demo.programme import CENTRAL, Session
from catalog.demo.scenes import Scene, scene_of
from catalog.demo.taking import take_attendance
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import HOLDING, Enrollment, State
from catalog.extensions import db

Step = Callable[[], object]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Story:
    """Steps in the order of time. A step may plan further ones; what would lie after `until` is not told."""

    def __init__(self, cast: Cast, until: datetime, rng: Random) -> None:
        self.cast = cast
        self.until = until
        self.rng = rng
        self._steps: list[tuple[datetime, int, Step]] = []
        self._order = count()
        self._busy: dict[int, list[Meeting]] = {}

    def plan(self, at: datetime, step: Step) -> None:
        if at < self.until:
            heapq.heappush(self._steps, (at, next(self._order), step))

    def remind(self) -> None:
        """What the worker sends on the mornings of the last two weeks about rosters that nobody closes."""
        for days in range(15):
            on = (self.until - days * DAY).date()
            self.plan(deadlines.morning(on, CENTRAL) + HOUR, remind)

    def tell(self) -> None:
        while self._steps:
            at, _, step = heapq.heappop(self._steps)
            with clock.at(at):
                step()

    def add(self, session: Session) -> None:
        self.plan(session.posted, partial(self._post, session))

    def _post(self, session: Session) -> None:
        trainer = getattr(self.cast, session.run.trainer)
        offering = courses.post(
            course_called(session.run.course), _columns(session, trainer), _rows(session), by=trainer
        )
        scene = scene_of(session)
        if offering.opens_at is None:
            self._gather(session, offering, scene)
        for meeting in offering.sittings:
            self.plan(meeting.ends_at + HOUR / 2, partial(self._mark, offering, meeting, scene))
        if offering.ends_at and scene.closes:
            self.plan(offering.ends_at + 2 * DAY, partial(self._close, offering))
        if scene.dispute:
            plan_dispute(scene.dispute, offering, self.cast.ana, self.plan, self.until)
        if reason := scene.cancel_reason:
            self.plan(
                self.until - 2 * DAY, partial(enrollment.cancel, offering, by=self.cast.mira, reason=reason)
            )

    # Joining, and what follows from it.

    def _gather(self, session: Session, offering: Offering, scene: Scene) -> None:
        """Plan who joins when, and who leaves again."""
        seats = offering.capacity or 12
        free = [person for person in self.cast.learners if self._has_time(person, offering)]
        people = scene.people(self.cast, free, session.crowd, seats, self.rng)
        for person in people:
            self._busy.setdefault(person.id, []).extend(offering.sittings)
        last = min(offering.starts_at - 3 * DAY if offering.starts_at else self.until, self.until - DAY)
        moments = sorted(clock.now() + (last - clock.now()) * self.rng.uniform(0.02, 0.9) for _ in people)
        for at, person in zip(moments, people, strict=True):
            self.plan(at, partial(self._join, person, offering))
        if scene.leaves_late:
            self.plan(self.until - 5 * HOUR, partial(self._leave, offering))
        elif len(people) >= seats and not scene.is_still:
            self.plan(last - (last - moments[-1]) / 2, partial(self._leave, offering))
        if scene.more_seats:
            self.plan(self.until - DAY, partial(self._widen, offering))

    def _has_time(self, person: Person, offering: Offering) -> bool:
        """Nobody is at two places at once."""
        return not any(
            one.starts_at < other.ends_at and other.starts_at < one.ends_at
            for one in self._busy.get(person.id, [])
            for other in offering.sittings
        )

    def _join(self, person: Person, offering: Offering) -> None:
        if offering.is_cancelled:
            return
        answer = "The spring and the autumn round of last year (sample answer)." if offering.question else ""
        wish = "A large-print handout, please (sample request)." if self.rng.random() < 0.03 else ""
        made = enrollment.enroll(person, offering, by=person, answer=answer, access_request=wish)
        if made.state == State.REQUESTED:
            self._decide(made)

    def _decide(self, made: Enrollment) -> None:
        """Most requests are answered within two days; some lie on the trainer's desk."""
        offering, chance = made.offering, self.rng.random()
        trainer = offering.trainer or self.cast.mira
        will_begin = offering.starts_at is not None and offering.starts_at < self.until
        if made.person is self.cast.ana and not will_begin:
            return
        soon = clock.now() + self.rng.uniform(2, 48) * HOUR
        at = min(soon, offering.starts_at - HOUR) if offering.starts_at else soon
        if chance < 0.6 or will_begin:
            self.plan(at, partial(enrollment.approve, made, by=trainer))
        elif chance < 0.7:
            reason = "This session is for another group; please look at the next one (sample reason)."
            self.plan(at, partial(enrollment.refuse, made, by=trainer, reason=reason))

    def _leave(self, offering: Offering) -> None:
        """The one who joined last of those seated withdraws, and the queue moves."""
        seated = self._with_seat(offering, State.SEATED)
        leaving = [one for one in seated if one.person is not self.cast.ana]
        if leaving and not offering.is_cancelled:
            enrollment.withdraw(leaving[-1], by=leaving[-1].person)
            self._await_answers(offering)

    def _widen(self, offering: Offering) -> None:
        enrollment.change_capacity(offering, (offering.capacity or 0) + 1, by=self.cast.mira)

    def _await_answers(self, offering: Offering) -> None:
        """Most take the seat they are offered; some let the offer run out."""
        for made in self._with_seat(offering, State.OFFERED):
            ends = made.offer_ends_at
            if ends is None or made.person is self.cast.ana:
                continue
            if self.rng.random() < 0.8:
                at = clock.now() + (ends - clock.now()) * self.rng.uniform(0.1, 0.8)
                self.plan(at, partial(enrollment.accept, made, by=made.person))
            else:
                self.plan(ends, partial(self._lapse, made))

    def _lapse(self, made: Enrollment) -> None:
        enrollment.lapse(made)
        self._await_answers(made.offering)

    def _with_seat(self, offering: Offering, *states: State) -> list[Enrollment]:
        found = sa.select(Enrollment).where(
            Enrollment.offering_id == offering.id, Enrollment.state.in_(states or HOLDING)
        )
        return list(db.session.scalars(found.order_by(Enrollment.joined_at, Enrollment.id)))

    # Attendance.

    def _mark(self, offering: Offering, meeting: Meeting, scene: Scene) -> None:
        if offering.is_cancelled or not scene.marks:
            return
        seated = self._with_seat(offering, State.SEATED)
        there = [(made, self._minutes(made, meeting, scene)) for made in seated]
        take_attendance(meeting, there, by=offering.trainer or self.cast.mira)

    def _minutes(self, made: Enrollment, meeting: Meeting, scene: Scene) -> int:
        """Nearly everybody is there; some come late, some not at all. A mark that is disputed says too little."""
        chance = self.rng.random()
        if scene.dispute and made.person is self.cast.ana:
            return meeting.minutes // 2
        if chance < 0.84 or (made.person is self.cast.ana and chance < 0.95):
            return meeting.minutes
        return 0 if chance > 0.93 else meeting.minutes * 2 // 3

    def _close(self, offering: Offering) -> None:
        if not offering.is_cancelled and self._with_seat(offering, State.SEATED):
            attendance.close(offering, by=offering.trainer or self.cast.mira)


def _columns(session: Session, trainer: Person) -> dict[str, object]:
    run = session.run
    opens_at = clock.now() + timedelta(days=session.opens_in_days) if session.opens_in_days else None
    return {
        "zone": session.zone,
        "format": run.format,
        "county": session.county,
        "place": session.place,
        "online_link": "" if run.format == Format.IN_PERSON else "https://meet.example.org/sample",
        "language": run.language,
        "interpretation": run.interpretation,
        "accessibility": "Step-free" if session.county else "",
        "note": run.note,
        "capacity": run.seats,
        "minimum": run.minimum,
        "opens_at": opens_at,
        "needs_approval": run.needs_approval,
        "question": run.question,
        "price_cents": run.price,
        "member_price_cents": run.member_price,
        "trainer_id": trainer.id,
        "is_sample": True,
    }


def _rows(session: Session) -> list[Row]:
    run = session.run
    sittings = [
        Row(
            number,
            None,
            sitting.starts,
            sitting.ends,
            run.break_minutes,
            Ledger.RSC if run.rsc_from and number + 1 >= run.rsc_from else run.ledger,
        )
        for number, sitting in enumerate(session.sittings)
    ]
    return [*sittings, _own_work(session)] if run.own_work else sittings


def _own_work(session: Session) -> Row:
    """Modules on the screen, in the half year after they were posted."""
    first = session.posted.date()
    return Row(
        0,
        None,
        datetime.combine(first, time()),
        datetime.combine(first + 180 * DAY, time(23, 59)),
        title="Sample modules, each with questions at its end",
        kind=MeetingKind.HOMEWORK,
        worth=session.run.own_work * 60,
    )
