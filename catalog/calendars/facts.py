"""What a calendar is told of one meeting, in words and instants. Two that are alike need no new letter."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from catalog.courses.models import Format, MeetingKind, OfferingState
from catalog.courses.wording import OWN_WORK
from catalog.places import county_name

ONLINE = (Format.VIRTUAL, Format.SELF_PACED)


class Facts(NamedTuple):
    """`starts` and `ends` are UTC instants: calendar programs read those alike, whereas a zone's rules written into
    the file made some of them show summer meetings an hour late. Work of one's own has days instead, the second of
    them the day after the last; `until` is when it is over."""

    title: str
    place: str
    text: str
    starts: datetime | date
    ends: datetime | date
    until: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in self._asdict().items()
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Facts":
        return cls(
            kept["title"],
            kept["place"],
            kept["text"],
            _moment(kept["starts"]),
            _moment(kept["ends"]),
            datetime.fromisoformat(kept["until"]),
        )

    def fingerprint(self, seat: int) -> str:
        """`seat` is the number of the enrollment, 0 without one: whoever gave a seat back and took another is told
        anew, even if the letter in between was the last thing that a worker did."""
        return hashlib.sha256(json.dumps([seat, self.as_json()], sort_keys=True).encode()).hexdigest()


def _moment(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


class Planned(NamedTuple):
    """One meeting as it stands in the catalog now. `place_in_row` of `sittings` is which of them it is."""

    meeting_id: int
    kind: MeetingKind
    starts_at: datetime
    ends_at: datetime
    ends_wall: datetime
    meeting_title: str
    meeting_place: str
    offering_id: int
    state: OfferingState
    cancelled_at: datetime | None
    cancel_reason: str
    format: Format
    place: str
    county: str | None
    online_link: str
    version: int
    updated_at: datetime
    title: str
    course_updated_at: datetime
    place_in_row: int
    sittings: int

    @property
    def is_off(self) -> bool:
        """It does not take place. What took place before its session was cancelled stays."""
        if self.state != OfferingState.CANCELLED:
            return False
        return self.cancelled_at is None or self.ends_at > self.cancelled_at

    @property
    def changed_at(self) -> datetime:
        return max(self.updated_at, self.course_updated_at)

    def page(self, site_url: str) -> str:
        return f"{site_url}/offerings/{self.offering_id}"

    def facts(self, site_url: str) -> Facts:
        """Never with the online link: mail is forwarded. It leads to the page of the session instead."""
        off = f"Cancelled. {self.cancel_reason}".strip() if self.is_off else ""
        text = "\n".join(line for line in (off, self.meeting_title, self.page(site_url)) if line)
        if self.kind == MeetingKind.SITTING:
            return Facts(self._title, self._place, text, self.starts_at, self.ends_at, self.ends_at)
        # An entry of the day on which it is due, which leaves the day free for others to plan with.
        due = self.ends_wall.date()
        return Facts(self._title, "", text, due, due + timedelta(days=1), self.ends_at.astimezone(UTC))

    @property
    def _title(self) -> str:
        if self.kind != MeetingKind.SITTING:
            return f"Due: {OWN_WORK[self.kind]} for {self.title}"
        return self.title + (f" ({self.place_in_row} of {self.sittings})" if self.sittings > 1 else "")

    @property
    def _place(self) -> str:
        if self.format in ONLINE:
            return "Online"
        parts = (self.meeting_place or self.place, county_name(self.county))
        return ", ".join(part for part in parts if part)
