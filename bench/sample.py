"""The made-up rows: the same for every run of a size, and for both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from catalog.accounts.queries import token_hash
from catalog.courses.models import AgeBand, Basis, CourseState, Format, Kind
from catalog.places import counties

Row = dict[str, Any]

ZONE = ZoneInfo("America/Chicago")
SEATS = 12
KEYS_OF = """
    INSERT INTO account_key (kind, key, person_id, is_second)
    SELECT 'address', email, id, false FROM person WHERE id > :{0}
    UNION ALL
    SELECT 'name', county || ' ' || replace(name, 'Sample Person ', '') || ' person sample', id, false
    FROM person WHERE id > :{0} AND county IS NOT NULL
    """
"""What each of the made-up people after one number is found by, as `catalog.accounts.alike` would have it."""
KINDS = (*[Kind.IN_SERVICE] * 7, *[Kind.REFLECTIVE_GROUP] * 2, Kind.CERTIFICATE_COURSE)
FORMATS = (Format.IN_PERSON, Format.VIRTUAL, Format.IN_PERSON, Format.HYBRID, Format.VIRTUAL)
SUBJECTS = ("Attachment", "Toddler sleep", "Feeding", "Grief and loss", "Play", "Early trauma", "Fatherhood")
PLACES = (
    "home visits",
    "child care",
    "early intervention",
    "foster care",
    "pediatric clinics",
    "court teams",
)
COMMON_WORD = "families"
"""In the summary of every second course, so that searching for it finds half the catalog."""


def people(count: int, now: datetime) -> Iterator[Row]:
    for number in range(1, count + 1):
        yield {
            "id": number,
            "name": f"Sample Person {number}",
            "email": f"person{number}@example.org",
            "email_verified_at": now,
            "is_trainer": number <= 20,
            "created_at": now,
        }


def token(person_id: int) -> str:
    """What the sign-in cookie of this person holds."""
    return f"sample-sign-in-{person_id}"


def sign_ins(count: int, now: datetime) -> Iterator[Row]:
    for number in range(1, count + 1):
        ends = now + timedelta(days=1)
        yield {
            "token_hash": token_hash(token(number)),
            "person_id": number,
            "began_at": now,
            "last_seen_at": now,
            "ends_at": ends,
        }


def courses(count: int, now: datetime) -> Iterator[Row]:
    for number in range(1, count + 1):
        subject, place = SUBJECTS[number % len(SUBJECTS)], PLACES[number % len(PLACES)]
        who = COMMON_WORD if number % 2 else "caregivers"
        yield {
            "id": number,
            "title": f"{subject} in {place}, part {number}",
            "kind": KINDS[number % len(KINDS)],
            "summary": (
                f"What the research on {subject.lower()} means in {place}, with time to practise. "
                f"For everyone who supports infants, toddlers and their {who} in the first three years of life."
            ),
            "provider": f"Sample Training Center {number % 40}",
            "age_band": (AgeBand.BIRTH_3, AgeBand.BIRTH_6, AgeBand.THREE_6)[number % 3],
            "format": FORMATS[number % len(FORMATS)],
            "minutes": 120 * (1 + number % 3),
            "price_cents": (0, 2500, 12000, None)[number % 4],
            "state": CourseState.PUBLISHED,
            "owner_id": 1 + number % 20,
            "created_at": now,
            "updated_at": now,
        }


def mapping(courses: int, column: str, ids: list[int]) -> Iterator[Row]:
    """One to three areas, or topics, for each course."""
    for course_id in range(1, courses + 1):
        for step in range(1 + course_id % 3):
            chosen = ids[(course_id * 5 + step) % len(ids)]
            yield {"course_id": course_id, column: chosen, "basis": Basis.STATED}


def offerings(first: int, course_ids: list[int], begin: datetime) -> Iterator[Row]:
    """One offering for each course id, numbered from `first` on, within a year from `begin`."""
    fips = [county.fips for county in counties().values() if county.state == "AL"]
    for place, course_id in enumerate(course_ids):
        number = first + place
        share = place * 7919 % len(course_ids) / len(course_ids)
        day = begin + share * timedelta(days=365)
        walls = sitting_walls(number, day.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0))
        form = FORMATS[number % len(FORMATS)]
        yield {
            "id": number,
            "course_id": course_id,
            "zone": ZONE.key,
            "format": form,
            "county": None if form == Format.VIRTUAL else fips[number % len(fips)],
            "place": "" if form == Format.VIRTUAL else f"Sample hall {number % 90}",
            "capacity": SEATS,
            "trainer_id": 1 + number % 20,
            "is_sample": True,
            "created_at": begin,
            "updated_at": begin,
            "starts_at": _utc(walls[0]),
            "ends_at": _utc(walls[-1] + timedelta(hours=2)),
            "minutes": 120 * len(walls),
            "weekdays": 1 << walls[0].weekday(),
            "is_evening": walls[0].hour >= 17,
        }


def meetings(offering: Row) -> Iterator[Row]:
    starts = offering["starts_at"].astimezone(ZONE).replace(tzinfo=None, hour=0)
    for number, wall in enumerate(sitting_walls(offering["id"], starts), start=1):
        ends = wall + timedelta(hours=2)
        yield {
            "offering_id": offering["id"],
            "number": number,
            "starts_wall": wall,
            "ends_wall": ends,
            "starts_at": _utc(wall),
            "ends_at": _utc(ends),
            "minutes": 120,
        }


def sitting_walls(number: int, midnight: datetime) -> list[datetime]:
    """When the one to three sittings of an offering begin, a week apart, on the wall clock."""
    first = midnight + timedelta(hours=(9, 13, 17)[number % 3])
    return [first + timedelta(weeks=week) for week in range(1 + number % 3)]


def _utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=ZONE).astimezone(UTC)
