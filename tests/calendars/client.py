"""A calendar program in small, on a parser that is not the one the files are written with: it takes invitations as
RFC 5546 says, by identifier and sequence, and reads feeds."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import vobject


class Shown(NamedTuple):
    starts: datetime | date
    ends: datetime | date
    title: str
    place: str


class Kept(NamedTuple):
    sequence: int
    stamp: datetime
    shown: Shown | None
    """None once it was called off; it is kept, so that an older invitation does not bring it back."""


def events_of(content: bytes) -> list[Any]:
    """The events of a file, and that it is one calendar."""
    (calendar,) = vobject.readComponents(content.decode())
    assert calendar.name == "VCALENDAR"
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return list(calendar.contents.get("vevent", []))


def method_of(content: bytes) -> str:
    return str(vobject.readOne(content.decode()).method.value)


def sequence(event: Any) -> int:
    return int(event.sequence.value)


def shown(event: Any) -> Shown:
    place = event.location.value if "location" in event.contents else ""
    return Shown(_utc(event.dtstart.value), _utc(event.dtend.value), event.summary.value, place)


def _utc(moment: datetime | date) -> datetime | date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def stamp(event: Any) -> datetime:
    found: datetime = event.dtstamp.value
    return found.astimezone(UTC)


class Calendar:
    """What somebody's calendar program knows from the letters it got."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def take(self, content: bytes) -> bool:
        """Take an invitation in; whether it was newer than what is known."""
        method, events = method_of(content), events_of(content)
        assert len({event.uid.value for event in events}) == 1, "an invitation has one identifier"
        news = False
        for event in events:
            uid, new = event.uid.value, (sequence(event), stamp(event))
            known = self.kept.get(uid)
            if known and (known.sequence, known.stamp) >= new:
                continue
            assert (method == "CANCEL") == (event.status.value == "CANCELLED")
            self.kept[uid] = Kept(new[0], new[1], None if method == "CANCEL" else shown(event))
            news = True
        return news

    @property
    def shown(self) -> dict[str, Shown]:
        return {uid: kept.shown for uid, kept in self.kept.items() if kept.shown}
