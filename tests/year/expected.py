"""What everybody should find in their mailbox, worked out by plain rules that share nothing with the catalog.

A session is people with a seat, a queue, and offers with their ends; a letter is an address and a subject."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

CENTRAL = ZoneInfo("America/Chicago")

Letters = Counter[tuple[str, str]]


@dataclass
class Run:
    """One session as this year's plan knows it. Times are instants."""

    title: str
    capacity: int
    trainer: str
    meetings: list[tuple[datetime, datetime]]
    approves: bool = False
    asks_before_certificate: bool = False
    letters: Letters = field(default_factory=Letters)
    requested: list[str] = field(default_factory=list)
    seated: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    offered: dict[str, datetime] = field(default_factory=dict)
    asked_at: dict[str, datetime] = field(default_factory=dict)
    joined: dict[str, datetime] = field(default_factory=dict)
    reminded: set[tuple[str, str, datetime]] = field(default_factory=set)
    unsent: list[tuple[str, str, str, datetime]] = field(default_factory=list)
    # Those of the term before, who were asked first.
    members: set[str] = field(default_factory=set)
    marks: dict[str, list[bool]] = field(default_factory=dict)
    asked: dict[str, datetime] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    asked_again: set[str] = field(default_factory=set)
    certified: set[str] = field(default_factory=set)
    changed_at: datetime | None = None
    cancelled: bool = False
    closed: bool = False
    per_meeting: bool = False
    is_late: bool = False
    # What the test keeps of it: the catalog's number, and who has made up their mind.
    offering_id: int = 0
    decided: set[str] = field(default_factory=set)
    thought_about: set[str] = field(default_factory=set)

    @property
    def starts(self) -> datetime:
        return self.meetings[0][0]

    @property
    def ends(self) -> datetime:
        return self.meetings[-1][1]

    @property
    def free(self) -> int:
        return self.capacity - len(self.seated) - len(self.offered)

    def write(self, to: str, subject: str) -> None:
        self.letters[to, f"{subject}: {self.title}"] += 1

    def everybody(self) -> list[str]:
        return [*self.requested, *self.seated, *self.offered, *self.waiting]

    def ask_to_join(self, person: str, now: datetime) -> None:
        self.joined[person] = now
        self.requested.append(person)
        self.write(person, "Your request is in")

    def approve(self, person: str) -> None:
        self.requested.remove(person)
        self.join(person, self.joined[person])

    def join(self, person: str, now: datetime) -> None:
        self.joined[person] = now
        if self.free and not self.waiting:
            self.seated.append(person)
            self.write(person, "You have a seat")
        else:
            self.waiting.append(person)
            self.write(person, "You are on the waitlist")

    def leave(self, person: str, now: datetime) -> None:
        self.write(person, "You are no longer on the list")
        for group in (self.requested, self.seated, self.waiting):
            if person in group:
                group.remove(person)
        self.offered.pop(person, None)
        self.move_up(now)

    def accept(self, person: str) -> None:
        del self.offered[person]
        self.seated.append(person)
        self.write(person, "You have a seat")

    def decline(self, person: str, now: datetime) -> None:
        del self.offered[person]
        self.write(person, "You gave the seat back")
        self.move_up(now)

    def settle(self, now: datetime) -> None:
        """What waited for the worker, in the order in which it fell due: who is told of a change is on the session by
        then, and an offer that ran out leads to another."""
        if self.changed_at:
            self._lapse(self.changed_at, now)
            for person in self.everybody():
                self.write(person, "Changed")
            self.changed_at = None
        self._lapse(now, now)

    def _lapse(self, until: datetime, now: datetime) -> None:
        for person, ends in sorted(self.offered.items(), key=lambda one: one[1]):
            if ends <= until:
                del self.offered[person]
                self.write(person, "The seat has gone to the next person")
                self.move_up(now)

    def move_up(self, now: datetime) -> None:
        while self.free and self.waiting and not self.cancelled and now < self.starts:
            person, left = self.waiting.pop(0), self.starts - now
            if left <= timedelta(hours=24):
                self.seated.append(person)
                self.write(person, "You have a seat now")
            else:
                self.offer(person, now, now + min(timedelta(hours=48), left / 4))
                self.write(person, "A seat is kept for you")

    def offer(self, person: str, now: datetime, until: datetime) -> None:
        self.offered[person], self.asked_at[person] = until, now

    def cancel(self) -> None:
        self.cancelled = True
        for person in self.everybody():
            self.write(person, "Cancelled")

    def was_there(self, person: str) -> bool:
        return any(self.marks.get(person, []))

    def earned(self, person: str) -> bool:
        """Hours: of a group for each meeting, of everything else for ninety percent of the minutes."""
        there = self.marks.get(person, [])
        return any(there) if self.per_meeting else sum(there) >= 0.9 * len(self.meetings)

    def ask_what_they_think(self, now: datetime) -> None:
        """Whoever was there, once it is over; and a second time after a week where the certificate waits for it."""
        if self.per_meeting or self.cancelled or self.ends > now:
            return
        for person in filter(self.was_there, self.seated):
            if person not in self.asked:
                self.asked[person] = now
                self.write(person, "Tell what you think")
            elif (
                self.asks_before_certificate
                and person not in self.answered | self.asked_again
                and self.asked[person] + timedelta(days=7) <= now
            ):
                self.asked_again.add(person)
                self.write(person, "Your certificate waits")

    def remind(self, now: datetime, *, is_reachable: bool) -> None:
        """Of an offer when half its time is over; a week before the first meeting and a day before each. What could
        not be sent while it was of use is never sent."""
        for person, subject, what, until in self._due(now):
            if (person, what, until) not in self.reminded:
                self.reminded.add((person, what, until))
                self.unsent.append((person, subject, what, until))
        if is_reachable:
            for person, subject, what, until in self.unsent:
                holds = self.offered.get(person) == until if what == "offer" else person in self.seated
                if holds and now < until and not self.cancelled:
                    self.write(person, subject)
            self.unsent.clear()

    def _due(self, now: datetime) -> Iterator[tuple[str, str, str, datetime]]:
        if self.cancelled:
            return
        for person, until in self.offered.items():
            time = until - self.asked_at[person]
            if person not in self.members and self.asked_at[person] + time / 2 <= now < until:
                yield person, "The seat is kept for you until", "offer", until
        for starts, _ in self.meetings:
            for person in self.seated:
                if what := self._is_near(person, starts, now):
                    yield person, _soon(starts, now), what, starts

    def _is_near(self, person: str, starts: datetime, now: datetime) -> str:
        """Whoever joined in the last day, or week, was told then."""
        left, day = starts - now, timedelta(days=1)
        if timedelta() < left <= day:
            return "day" if self.joined[person] <= starts - day else ""
        is_first = starts == self.starts and 5 * day < left <= 7 * day
        return "week" if is_first and self.joined[person] <= starts - 7 * day else ""

    def end_waitlist(self, now: datetime) -> None:
        """A group is closed when its first meeting begins."""
        if self.per_meeting and self.starts <= now:
            for person in self.waiting:
                self.write(person, "The waitlist has ended")
            self.waiting.clear()

    def close(self) -> None:
        """One that is closed on the ninth day was asked for on the first, third and fifth; Mira heard too."""
        self.closed = True
        for person in [self.trainer] * 3 if self.is_late else []:
            self.write(person, "Please close the roster")
        for person in self.seated:
            self.write(person, "Your hours")
        self.certify()

    def answer(self, person: str) -> None:
        self.answered.add(person)
        self.certify()

    def certify(self) -> None:
        for person in filter(self.earned, self.seated):
            waits = self.asks_before_certificate and person not in self.answered
            if self.closed and not waits and person not in self.certified:
                self.certified.add(person)
                self.write(person, "Your certificate is ready")


def _soon(starts: datetime, now: datetime) -> str:
    days = (starts.astimezone(CENTRAL).date() - now.astimezone(CENTRAL).date()).days
    return {0: "Today", 1: "Tomorrow"}.get(days, f"In {days} days")
