"""Plain functions that make good objects; every default can be overridden. They flush, tests commit."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Area, Category, Confidence, HourTag, Ledger, Topic, TopicAsked
from catalog.courses.models import (
    Basis,
    Course,
    CourseArea,
    CourseState,
    CourseTopic,
    Format,
    Kind,
    Meeting,
    Offering,
    Seat,
)
from catalog.extensions import db
from catalog.wording import local

numbers = count(1)


class Cast(NamedTuple):
    ana: Person
    ivo: Person
    mira: Person
    otto: Person
    ada: Person


def make_cast() -> Cast:
    cast = Cast(
        _person("Ana Sample"),
        _person("Ivo Sample", is_trainer=True),
        _person("Mira Sample", coordinates=True),
        _person("Otto Sample"),
        _person("Ada Sample", is_administrator=True),
    )
    db.session.add_all(cast)
    db.session.flush()
    return cast


Thing = TypeVar("Thing")


def _add(thing: Thing) -> Thing:
    db.session.add(thing)
    db.session.flush()
    return thing


def person(name: str = "Sample Person", **fields: Any) -> Person:
    return _add(_person(name, **fields))


def _person(name: str, **fields: Any) -> Person:
    first = name.split(maxsplit=1)[0].lower()
    defaults = {"email": f"{first}{next(numbers)}@example.org", "created_at": clock.now()}
    # Whoever has an account by themself reads mail there.
    defaults["email_verified_at"] = clock.now()
    return Person(name=name, **{**defaults, **fields})


def area(code: str = "TF", **fields: Any) -> Area:
    """The area with this code, made when it is not there yet."""
    if found := db.session.scalar(sa.select(Area).where(Area.code == code)):
        return found
    position = next(numbers)
    defaults = {"name": f"Area {code}", "short": code[:8], "position": position}
    return _add(Area(code=code, edition="test", confidence=Confidence.CONFIRMED, **{**defaults, **fields}))


def topic(code: str = "TF.attachment", **fields: Any) -> Topic:
    if found := db.session.scalar(sa.select(Topic).where(Topic.code == code)):
        return found
    defaults = {
        "name": f"Topic {code}",
        "position": next(numbers),
        "area": area(code.split(".", maxsplit=1)[0]),
    }
    return _add(Topic(code=code, edition="test", confidence=Confidence.CONFIRMED, **{**defaults, **fields}))


def category(code: str = "IFS", asks: tuple[Topic, ...] = (), **fields: Any) -> Category:
    defaults = {
        "name": f"Category {code}",
        "credential": "IMH-E",
        "age_band": "birth-36-months (and pregnancy)",
        "position": next(numbers),
        "facts": {},
    }
    made = _add(
        Category(code=code, edition="test", confidence=Confidence.CONFIRMED, **{**defaults, **fields})
    )
    for asked in asks:
        _add(
            TopicAsked(
                topic_id=asked.id, category_id=made.id, confidence=Confidence.CONFIRMED, edition="test"
            )
        )
    return made


def tag(code: str = "rsc_provision", **fields: Any) -> HourTag:
    return _add(HourTag(code=code, label=f"Tag {code}", edition="test", **fields))


def course(
    title: str | None = None, areas: tuple[str, ...] = (), topics: tuple[str, ...] = (), **fields: Any
) -> Course:
    """A published course; `areas` and `topics` are codes it is mapped to."""
    now = clock.now()
    defaults = {
        "kind": Kind.IN_SERVICE,
        "state": CourseState.PUBLISHED,
        "minutes": 180,
        "created_at": now,
        "updated_at": now,
    }
    made = _add(Course(title=title or f"Course {next(numbers)}", **{**defaults, **fields}))
    for code in {*areas, *(code.split(".")[0] for code in topics)}:
        _add(CourseArea(course=made, area=area(code), basis=Basis.PROPOSED))
    for code in topics:
        _add(CourseTopic(course=made, topic=topic(code), basis=Basis.PROPOSED))
    return made


def offering(
    of: Course | None = None,
    seats: int | None = 5,
    starts: datetime | None = None,
    hours: int = 3,
    meetings: int = 1,
    **fields: Any,
) -> Offering:
    """An open offering in Montgomery in three weeks, with its meetings a week apart and its seats.

    `seats=None` has no limit; `meetings=0` is self-paced."""
    starts = starts or (clock.now() + timedelta(days=21)).replace(hour=15, minute=0, second=0, microsecond=0)
    now = clock.now()
    ends = starts + timedelta(weeks=max(meetings - 1, 0), hours=hours)
    defaults = {
        "zone": "America/Chicago",
        "format": Format.IN_PERSON,
        "county": "01101",
        "place": "Sample hall",
        "created_at": now,
        "updated_at": now,
        "starts_at": starts if meetings else None,
        "ends_at": ends if meetings else None,
        "minutes": meetings * hours * 60,
    }
    made = _add(Offering(course=of or course(), capacity=seats, **{**defaults, **fields}))
    for number in range(1, meetings + 1):
        meeting(made, number, starts + timedelta(weeks=number - 1), hours)
    for number in range(1, (seats or 0) + 1):
        db.session.add(Seat(offering_id=made.id, number=number))
    db.session.flush()
    return made


def meeting(of: Offering, number: int, starts: datetime, hours: int = 3, **fields: Any) -> Meeting:
    ends = starts + timedelta(hours=hours)
    defaults = {
        "starts_wall": local(starts, of.zone).replace(tzinfo=None),
        "ends_wall": local(ends, of.zone).replace(tzinfo=None),
        "minutes": hours * 60,
        "ledger": Ledger.TRAINING,
    }
    return _add(
        Meeting(
            offering=of,
            number=number,
            starts_at=starts.astimezone(UTC),
            ends_at=ends.astimezone(UTC),
            **{**defaults, **fields},
        )
    )
