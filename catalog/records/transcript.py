"""A person's transcript: every credit in force, and hours from elsewhere that are verified or wait to be, as plain
rows, which the page, the PDF and the CSV show alike.

The two ledgers stand each by itself, with a total each, and are never added together. What does not count stands in
a part of its own with the reason, and education in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate
from catalog.competencies.models import Ledger
from catalog.competencies.wording import LEDGERS
from catalog.courses.wording import FORMATS
from catalog.records.ledger import NO_AREA
from catalog.records.models import Education, EntryState, HourEntry
from catalog.records.wording import SOURCES
from catalog.records.written import areas_of, group_said
from catalog.wording import day, hours, local

NOT_COUNTED = "Hours that do not count"
WHAT_IT_IS_NOT = (
    "This transcript says what this catalog knows on that day. It is neither a licence nor Endorsement®, and "
    "{association} decides what counts toward Endorsement. A clock hour is 60 minutes without breaks. Training hours "
    "and RSC hours are two kinds, never added together. A session stands in every area it covers. Education stands "
    "beside the hours and is none of them."
)


class Entry(NamedTuple):
    """One credit in force, or hours from elsewhere. Where its minutes do not count, `reason` says why."""

    ledger: Ledger
    first_day: date
    last_day: date
    earned_on: date
    course: str
    provider: str
    trainer: str
    format: str
    minutes: int
    areas: list[str]
    topics: list[str]
    tags: list[str]
    is_reviewed: bool
    """Whether a coordinator has reviewed all of what it covers."""
    known_by: str
    taken_by: str
    certificate: str
    """Its number; empty while there is none."""
    reason: str
    is_pending: bool = False
    """Said by the person, and nobody has looked at it yet."""

    @property
    def dates(self) -> str:
        if self.first_day == self.last_day:
            return day(self.first_day)
        return f"{day(self.first_day)} to {day(self.last_day)}"

    @property
    def known(self) -> str:
        known = self.known_by.capitalize()
        return f"{known}: {self.taken_by}" if self.taken_by else known


class Part(NamedTuple):
    """The entries of one ledger that count, the latest first, and their sum."""

    ledger: Ledger
    entries: list[Entry]

    @property
    def title(self) -> str:
        return LEDGERS[self.ledger]

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)

    @property
    def pending(self) -> int:
        """Those of the minutes that nobody but the person knows of yet."""
        return sum(entry.minutes for entry in self.entries if entry.is_pending)

    @property
    def total(self) -> str:
        """The sum in words, with how much of it is not looked at yet."""
        rest = f", of which {hours(self.pending)} self-reported and not looked at yet" if self.pending else ""
        return clock_hours(self.minutes) + rest


@dataclass(frozen=True)
class Transcript:
    person: Person
    at: datetime
    parts: list[Part]
    """Training first, then RSC; one without entries is there too, with nothing in it."""
    not_counted: list[Entry]
    education: Sequence[Education]


def clock_hours(minutes: int) -> str:
    """Said both ways: "1 h 30 min (90 minutes)"."""
    return f"{hours(minutes)} ({minutes:,} minutes)" if minutes != 1 else f"{hours(minutes)} (1 minute)"


def transcript(
    person: Person,
    credits_in_force: Sequence[Credit],
    certificates: Sequence[Certificate],
    education: Sequence[Education],
    elsewhere: Sequence[HourEntry] = (),
    *,
    at: datetime,
) -> Transcript:
    """From what the queries found. A credit without minutes that would count says nothing and is left out."""
    numbers = {one.offering_id: one.number for one in certificates if one.offering_id}
    entries = [_entry(one, numbers) for one in credits_in_force if one.minutes]
    entries += [_elsewhere(one) for one in elsewhere if one.counts]
    entries.sort(key=lambda entry: entry.earned_on, reverse=True)
    return Transcript(
        person=person,
        at=at,
        parts=[
            Part(ledger, [entry for entry in entries if entry.ledger == ledger and not entry.reason])
            for ledger in LEDGERS
        ],
        not_counted=[entry for entry in entries if entry.reason],
        education=education,
    )


def _entry(credit: Credit, numbers: dict[int, str]) -> Entry:
    offering, course = credit.offering, credit.offering.course
    first, last = offering.starts_at, offering.cancelled_at or offering.ends_at
    areas = sorted(credit.areas, key=lambda row: row.area.position)
    topics = sorted(credit.topics, key=lambda row: row.topic.position)
    return Entry(
        ledger=credit.ledger,
        first_day=local(first, offering.zone).date() if first else credit.earned_on,
        last_day=local(last, offering.zone).date() if first and last else credit.earned_on,
        earned_on=credit.earned_on,
        course=course.title,
        provider=course.provider,
        trainer=offering.trainer.name if offering.trainer else course.trainer_names,
        format=FORMATS[offering.format],
        minutes=credit.minutes,
        areas=[_area(row.area.name, row.minutes) for row in areas],
        topics=[row.topic.name for row in topics],
        tags=sorted(tag.label for tag in credit.tags),
        is_reviewed=all(area.was_reviewed for area in areas) and all(topic.was_reviewed for topic in topics),
        known_by=credit.known_by.value,
        taken_by=credit.taken_by,
        certificate=numbers.get(offering.id, ""),
        reason=credit.not_counted_because,
    )


def _elsewhere(entry: HourEntry) -> Entry:
    is_verified = entry.state == EntryState.VERIFIED
    who = f"seen by {entry.checked_by.name}" if is_verified and entry.checked_by else ""
    taken = [SOURCES[entry.source], who or ("" if is_verified else "not looked at yet")]
    areas = areas_of(entry)
    lacks_area = entry.ledger == Ledger.TRAINING and not areas
    return Entry(
        ledger=entry.ledger,
        first_day=entry.began_on,
        last_day=entry.ended_on,
        earned_on=entry.ended_on,
        course=entry.title,
        provider=entry.provider,
        trainer=entry.trainer,
        format=group_said(entry.is_group),
        minutes=entry.minutes,
        areas=[area.name for area in areas],
        topics=[topic.name for topic in entry.topics],
        tags=sorted(tag.label for tag in entry.tags),
        is_reviewed=is_verified,
        known_by=entry.known_by.value,
        taken_by=", ".join(part for part in taken if part),
        certificate="",
        reason=NO_AREA if lacks_area else "",
        is_pending=not is_verified,
    )


def _area(name: str, minutes: int | None) -> str:
    return name if minutes is None else f"{name} ({hours(minutes)})"
