"""Open sessions as plain values: what is missing (Gaps), what is wished for (Wishes), what would fill it (Choice)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from catalog.competencies.models import Ledger
from catalog.courses.models import Format
from catalog.places import county_name
from catalog.wording import clock_time, day, hours, money, zone_name


@dataclass(frozen=True)
class Gaps:
    """What is missing: topics by id, tags by code, and whether minutes are missing in a ledger at all."""

    topics: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()
    ledgers: frozenset[Ledger] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.topics or self.tags or self.ledgers)


@dataclass(frozen=True)
class Wishes:
    """Where, when and for how much. Nothing said is no limit."""

    counties: tuple[str, ...] = ()
    online: bool = False
    most_cents: int | None = None
    begins: date | None = None
    ends: date | None = None
    language: str = ""


class Choice(NamedTuple):
    """One open session and what it would fill; the columns in the order of the statement."""

    id: int
    course_id: int
    title: str
    format: Format
    county: str | None
    place: str
    zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    language: str
    capacity: int | None
    free: int
    asks: bool
    price_cents: int | None
    member_price_cents: int | None
    training: int | None
    rsc: int | None
    topics: frozenset[int]
    tags: frozenset[str]
    areas: frozenset[int]

    @property
    def day(self) -> str:
        return day(self.starts_at, self.zone) if self.starts_at else "At your own pace"

    @property
    def when(self) -> str:
        """ "Tue 14 Jan 2027, 9:00 am, Central time"."""
        if not self.starts_at:
            return "At your own pace"
        return f"{self.day}, {clock_time(self.starts_at, self.zone)}, {zone_name(self.zone)}"

    @property
    def where(self) -> str:
        if self.format in (Format.VIRTUAL, Format.SELF_PACED):
            return "Online"
        place = county_name(self.county) or self.place or "In person"
        return f"{place} and online" if self.format == Format.HYBRID else place

    @property
    def length(self) -> str:
        parts = [f"{hours(self.training)} training"] if self.training else []
        return (
            " and ".join([*parts, *([f"{hours(self.rsc)} RSC"] if self.rsc else [])]) or "Length not stated"
        )

    @property
    def price(self) -> str:
        members = (
            "" if self.member_price_cents is None else f", members {money(self.member_price_cents).lower()}"
        )
        return money(self.price_cents) + members

    @property
    def seats(self) -> str:
        if self.capacity is None:
            return "No limit"
        return "1 seat left" if self.free == 1 else f"{self.free} seats left"
