"""What somebody brings to an Endorsement application for one category, line by line, as they will type it.

The application asks for one training after another, so each training is one line, the oldest first, with its areas
and topics in it: nobody has to look a training up in two places. The two ledgers stand apart and are never added
together. What does not count is no line of theirs; it stands by itself with the reason. No database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from catalog.attendance.models import KnownBy
from catalog.competencies.models import Ledger
from catalog.endorsement.figures import Figure, figures
from catalog.endorsement.rules import Amount, Readiness
from catalog.endorsement.rules.amounts import amount
from catalog.endorsement.rules.rsc import Quality, quality
from catalog.records.ledger import Entry, Sure
from catalog.records.models import Standing
from catalog.records.wording import STANDINGS
from catalog.wording import day

BOOKED = "Booked: a seat is held, and nothing is earned yet."
AHEAD = "Its last day is still to come."
NO_MINUTES = "It gives no minutes."
WITH_PENDING = "Together with hours that nobody has verified yet."
WHAT_IT_IS_NOT = (
    "This says what the catalog knows on that day, to be typed into the application. It is no application "
    "by itself, and it is neither a licence nor Endorsement®: {association} decides what counts. A clock hour is 60 "
    "minutes without breaks; hours are cut to two decimals and never rounded up, the minutes are exact. Training "
    "hours and RSC hours are two kinds, never added together."
)
ABOUT_OWN = "rsc_about_rsc_provided"
"""The tag of RSC about the RSC one gives to others."""


class Counted(StrEnum):
    """Whether RSC hours count for this category by its rules."""

    YES = "Counts"
    ONCE = "Counts once it is verified"
    UNSURE = "Cannot tell"
    NO = "Does not count"
    NOT_ASKED = "None are asked"


class Names(NamedTuple):
    """What ids and codes are called; areas and topics in the framework's order."""

    areas: Mapping[int, str]
    topics: Mapping[int, str]
    tags: Mapping[str, str]
    categories: Mapping[str, str]
    certificates: Mapping[int, str]
    """Numbers of those in force, by offering."""


class RscSaid(NamedTuple):
    """What is asked of RSC hours beside what is asked of all. `why` says why they do not count, or not for sure."""

    categories: list[str]
    standing: str
    form: str
    is_about_own: bool
    counted: Counted
    why: str


@dataclass(frozen=True)
class Line:
    """One training, or RSC with one provider, as it is typed. `reason` says of those left out why they are."""

    entry: Entry
    areas: list[str]
    topics: list[str]
    """Those that this category asks for."""
    other_topics: list[str]
    tags: list[str]
    certificate: str = ""
    rsc: RscSaid | None = None
    reason: str = ""

    @property
    def hours(self) -> Decimal:
        """Clock hours from exact minutes, cut to two decimals and never rounded up."""
        return Decimal(self.entry.minutes * 100 // 60).scaleb(-2)

    @property
    def first_day(self) -> date | None:
        """Only where it is another day than the last."""
        return self.entry.began if self.entry.began != self.entry.on else None

    @property
    def dates(self) -> str:
        last = day(self.entry.on)
        return f"{day(self.first_day)} to {last}" if self.first_day else last

    @property
    def verification(self) -> str:
        if self.entry.sure == Sure.PLANNED:
            return "Booked"
        said = self.entry.known_by.value.capitalize()
        is_pending = self.entry.known_by == KnownBy.SELF_REPORTED and not self.entry.not_counted
        return f"{said}, not looked at yet" if is_pending else said

    @property
    def mapping(self) -> str:
        if not self.entry.areas and not self.entry.topics:
            return ""
        return "Reviewed" if self.entry.is_reviewed else "Not reviewed"


@dataclass(frozen=True)
class Application:
    """`category` is named with its mark, `edition` is the framework's that is in force."""

    person: str
    category: str
    edition: str
    at: datetime
    association: str
    readiness: Readiness
    trainings: list[Line]
    rsc: list[Line]
    """Those that count first, then those that do not, each the oldest first."""
    left_out: list[Line]
    figures: list[Figure] = field(default_factory=list)

    @property
    def on(self) -> date:
        return self.readiness.on

    @property
    def what_it_is_not(self) -> str:
        return WHAT_IT_IS_NOT.format(association=self.association)

    @property
    def rsc_that_counts(self) -> list[Line]:
        """For sure, perhaps, or once verified; all of them where none are asked."""
        return [line for line in self.rsc if line.rsc and line.rsc.counted != Counted.NO]

    @property
    def rsc_that_does_not(self) -> list[Line]:
        return [line for line in self.rsc if line.rsc and line.rsc.counted == Counted.NO]

    @property
    def certificates(self) -> list[Line]:
        """The lines with a certificate, each certificate once."""
        found = {line.certificate: line for line in (*self.trainings, *self.rsc) if line.certificate}
        return list(found.values())

    @property
    def training(self) -> Amount:
        return amount(line.entry for line in self.trainings)

    @property
    def rsc_amount(self) -> Amount:
        """Of the lines that count, or may."""
        return amount(line.entry for line in self.rsc_that_counts)

    def for_others(self) -> "Application":
        """For whoever was given a link: without what was left out, because the reasons are for the person alone,
        and without the numbers of certificates, which open pages that outlast the link."""

        def plain(lines: list[Line]) -> list[Line]:
            return [replace(line, certificate="") for line in lines]

        return replace(self, trainings=plain(self.trainings), rsc=plain(self.rsc), left_out=[])


def application(
    entries: list[Entry],
    readiness: Readiness,
    names: Names,
    *,
    person: str,
    category: str,
    edition: str,
    at: datetime,
    association: str,
) -> Application:
    """From every line of the person's ledgers, and what the rules of that day make of them."""
    asked = {topic.id: topic.name for topic in readiness.rulebook.topics}
    earned: list[Line] = []
    left_out: list[Line] = []
    for entry in sorted(entries, key=lambda one: (one.on, one.began, one.title, one.key)):
        reason = _reason(entry, readiness.on)
        (left_out if reason else earned).append(_line(entry, asked, names, reason))
    rsc = [
        replace(line, rsc=_rsc(line.entry, readiness, names, association))
        for line in earned
        if line.entry.ledger == Ledger.RSC
    ]
    return Application(
        person=person,
        category=category,
        edition=edition,
        at=at,
        association=association,
        readiness=readiness,
        trainings=[line for line in earned if line.entry.ledger == Ledger.TRAINING],
        rsc=sorted(rsc, key=lambda line: line.rsc is not None and line.rsc.counted == Counted.NO),
        left_out=left_out,
        figures=figures(readiness),
    )


def _reason(entry: Entry, today: date) -> str:
    """Why it is no line of the application; empty where it is one."""
    if entry.not_counted:
        return entry.not_counted
    if entry.sure == Sure.PLANNED:
        return BOOKED
    if entry.on > today:
        return AHEAD
    return "" if entry.minutes > 0 else NO_MINUTES


def _line(entry: Entry, asked: Mapping[int, str], names: Names, reason: str) -> Line:
    return Line(
        entry,
        areas=[name for area_id, name in names.areas.items() if area_id in entry.areas],
        topics=[name for topic_id, name in asked.items() if topic_id in entry.topics],
        other_topics=[
            name
            for topic_id, name in names.topics.items()
            if topic_id in entry.topics and topic_id not in asked
        ],
        tags=[names.tags.get(code, code) for code in sorted(entry.tags)],
        certificate=names.certificates.get(entry.offering_id, "") if entry.offering_id else "",
        reason=reason,
    )


def _rsc(entry: Entry, readiness: Readiness, names: Names, association: str) -> RscSaid:
    given = entry.rsc
    forms = {True: "Group", False: "Individual", None: "Not said"}
    counted, why = _counted(entry, readiness, association)
    return RscSaid(
        categories=[names.categories.get(code, code) for code in sorted(given.categories)] if given else [],
        standing=STANDINGS[given.standing if given else Standing.UNKNOWN],
        form=forms[given.is_group if given else None],
        is_about_own=ABOUT_OWN in entry.tags,
        counted=counted,
        why=why,
    )


def _counted(entry: Entry, readiness: Readiness, association: str) -> tuple[Counted, str]:
    reckoned = readiness.rsc
    if not reckoned.hours:
        return Counted.NOT_ASKED, ""
    if entry.key in reckoned.chosen:
        return Counted.YES, ""
    if why := reckoned.left_out.get(entry.key):
        if quality(entry, readiness.rulebook)[0] == Quality.UNSURE:
            return Counted.UNSURE, f"{why} Check with {association}."
        return Counted.NO, why
    return Counted.ONCE, "" if entry.sure == Sure.PENDING else WITH_PENDING
