"""The values that can be filtered by: those the framework names, and those that never change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from catalog.courses.models import AgeBand, Format, Kind
from catalog.places import counties

ONLINE = "online"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STRIP = 8

AGE_FITS = {
    "birth-3": (AgeBand.BIRTH_3, AgeBand.BIRTH_6),
    "3-6": (AgeBand.THREE_6, AgeBand.BIRTH_6),
    "birth-6": (AgeBand.BIRTH_6,),
    "unknown": (AgeBand.UNKNOWN,),
}
"""Who looks for birth to three is served by a course on birth to six as well."""
BABIES = (AgeBand.BIRTH_3, AgeBand.BIRTH_6, AgeBand.UNKNOWN)
CHILDREN = (AgeBand.THREE_6, AgeBand.BIRTH_6, AgeBand.UNKNOWN)


def age_bands_of(category_band: str) -> tuple[AgeBand, ...]:
    """The age bands of courses that can serve a category of this band; courses on all ages, or on unknown ones,
    serve each."""
    if category_band.startswith("birth-3"):
        return BABIES
    return CHILDREN if category_band.startswith("3") else tuple(AgeBand)


class Name(NamedTuple):
    """A thing that can be filtered by, and what it is called."""

    code: str
    name: str
    of: str = ""
    """What it belongs to: a topic's area, a category's age band."""
    short: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The codes that mean something at present."""

    areas: tuple[Name, ...] = ()
    topics: tuple[Name, ...] = ()
    categories: tuple[Name, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def strip(self) -> tuple[Name, ...]:
        """The areas of the strip; those asked of Mentors alone come after them."""
        return self.areas[:STRIP]

    def age_bands(self, category: str) -> tuple[AgeBand, ...]:
        """The age bands of courses that can serve a category."""
        return age_bands_of(next((found.of for found in self.categories if found.code == category), ""))

    def codes(self) -> Mapping[str, Iterable[str]]:
        return {
            "kind": list(Kind),
            "area": [area.code for area in self.areas],
            "topic": [topic.code for topic in self.topics],
            "category": [category.code for category in self.categories],
            "age": AGE_FITS,
            "format": list(Format),
            "county": [ONLINE, *counties()],
            "language": self.languages,
            "weekday": WEEKDAYS,
            "evening": ["1"],
            "seats": ["1"],
        }
