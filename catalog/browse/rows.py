"""One line of the catalog, and what it says of itself. Plain columns in, words out; no database, no request."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from catalog.browse.queries.text import instant
from catalog.courses.models import Format, Kind, Listing
from catalog.courses.wording import FORMATS, KINDS, stated_length
from catalog.enrollment.models import State
from catalog.places import county_name
from catalog.wording import clock_time, day, hours, local, money, zone_name


class Badge(NamedTuple):
    text: str
    tone: str


MINE = {
    State.SEATED: Badge("You have a seat", "leaf"),
    State.OFFERED: Badge("A seat is kept for you", "sun"),
    State.WAITING: Badge("You are on the waitlist", "sun"),
    State.REQUESTED: Badge("You asked for a seat", "sun"),
}


def short_day(instant: datetime, zone: str) -> str:
    """ "3 Jan" on the zone's calendar."""
    at = local(instant, zone)
    return f"{at.day} {at:%b}"


def seats_badge(capacity: int | None, free: int, waiting: int) -> Badge:
    """How full it is. Who waits has a right to a free seat before anybody new, so a queue is said first."""
    if capacity is None:
        return Badge("No limit", "leaf")
    if waiting:
        return Badge(f"Waitlist: {waiting}", "sun")
    if not free:
        return Badge("Full", "clay")
    return Badge("1 seat left" if free == 1 else f"{free} seats left", "leaf")


def price(cents: int | None, member_cents: int | None) -> str:
    members = "" if member_cents is None else f" · members {money(member_cents).lower()}"
    return money(cents) + members


class OfferingRow(NamedTuple):
    """The columns in the order of `queries.listing`. `mine` is the state of the reader's own enrollment; `closed` is
    "early" or "late" outside the enrollment window."""

    id: int
    course_id: int
    title: str
    kind: Kind
    format: Format
    county: str | None
    place: str
    zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    minutes: int | None
    rsc_minutes: int | None
    meetings: int
    areas: str | None
    capacity: int | None
    free: int
    waiting: int
    has_waitlist: bool
    mine: State | None
    opens_at: datetime | None
    closed: str | None
    asks: bool
    price_cents: int | None
    member_price_cents: int | None
    language: str

    @classmethod
    def read(cls, row: Sequence[Any]) -> "OfferingRow":
        plain = dict(zip(cls._fields, row, strict=True))
        return cls(**plain | {name: instant(plain[name]) for name in ("starts_at", "ends_at", "opens_at")})

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def day(self) -> datetime | None:
        """The first day on the session's own calendar."""
        return local(self.starts_at, self.zone) if self.starts_at else None

    @property
    def length(self) -> str:
        """ "6 h", or "24 h in 12 meetings, until Thu 3 Jun 2027"."""
        if self.meetings < 2 or not self.ends_at:
            return hours(self.minutes)
        return f"{hours(self.minutes)} in {self.meetings} meetings, until {day(self.ends_at, self.zone)}"

    @property
    def time(self) -> str:
        """The wall clock and whose it is: "9:00 am to 12:00 pm, Central time"."""
        if not self.starts_at or not self.ends_at:
            return "At your own pace"
        start = clock_time(self.starts_at, self.zone)
        until = "" if self.meetings > 1 else f" to {clock_time(self.ends_at, self.zone)}"
        return f"{start}{until}, {zone_name(self.zone)}"

    @property
    def where(self) -> str:
        if self.format in (Format.VIRTUAL, Format.SELF_PACED):
            return "Online"
        place = county_name(self.county) or self.place or FORMATS[Format.IN_PERSON]
        return f"{place} and online" if self.format == Format.HYBRID else place

    @property
    def facts(self) -> list[str]:
        """How long, where, when; the language only where it is another than most are in."""
        return [self.length, self.where, self.time, *([self.language] if self.language != "English" else [])]

    @property
    def price(self) -> str:
        return price(self.price_cents, self.member_price_cents)

    @property
    def badge(self) -> Badge:
        if self.mine:
            return MINE[self.mine]
        if self.closed == "early" and self.opens_at:
            return Badge(f"Opens {short_day(self.opens_at, self.zone)}", "soft")
        if self.closed:
            return Badge("Enrollment closed", "soft")
        return seats_badge(self.capacity, self.free, self.waiting)

    @property
    def action(self) -> tuple[str, str]:
        """The words of the row's one button and how loud it is."""
        if self.mine or self.closed:
            return "See details", "quiet"
        if self.capacity is not None and (self.waiting or not self.free):
            return ("Join the waitlist" if self.has_waitlist else "See details"), "quiet"
        return ("Ask for a seat", "quiet") if self.asks else ("Take a seat", "main")


LISTINGS = {
    Listing.COMING_SOON: Badge("Coming soon", "soft"),
    Listing.SUSPENDED: Badge("Suspended", "clay"),
    Listing.APPLICATION_CLOSED: Badge("Applications closed", "clay"),
}


class CourseRow(NamedTuple):
    """The columns in the order of `queries.listing`; `starts_at` and `zone` are those of the next session."""

    id: int
    title: str
    kind: Kind
    format: Format | None
    location: str
    provider: str
    provider_state: str
    minutes: int | None
    minutes_most: int | None
    minutes_about: bool
    rsc_minutes: int | None
    meeting_pattern: str
    price_cents: int | None
    member_price_cents: int | None
    listing: Listing
    is_applied_for: bool
    dates_listed: str
    starts_at: datetime | None
    zone: str | None
    upcoming: int
    undated: int
    areas: str | None

    @classmethod
    def read(cls, row: Sequence[Any]) -> "CourseRow":
        plain = dict(zip(cls._fields, row, strict=True))
        return cls(**plain | {"starts_at": instant(plain["starts_at"])})

    @property
    def course_id(self) -> int:
        return self.id

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def day(self) -> datetime | None:
        """The day of the next session."""
        return local(self.starts_at, self.zone) if self.starts_at and self.zone else None

    @property
    def length(self) -> str:
        return stated_length(self.minutes, self.minutes_most, self.minutes_about)

    @property
    def where(self) -> str:
        parts = (FORMATS[self.format] if self.format else "", self.location)
        return ", ".join(part for part in parts if part)

    @property
    def facts(self) -> list[str]:
        provider = ", ".join(part for part in (self.provider, self.provider_state) if part)
        return [fact for fact in (self.length, self.where, provider) if fact]

    @property
    def price(self) -> str:
        return price(self.price_cents, self.member_price_cents)

    @property
    def badge(self) -> Badge:
        if self.listing in LISTINGS:
            return LISTINGS[self.listing]
        if self.upcoming:
            return Badge("1 session" if self.upcoming == 1 else f"{self.upcoming} sessions", "leaf")
        if self.undated:
            return Badge("At your own pace", "leaf")
        return (
            Badge("Apply at the provider", "soft") if self.is_applied_for else Badge("No dates yet", "soft")
        )
