"""Where something took place: the county of its session, or none."""

from typing import Any

import sqlalchemy as sa

from catalog.courses.models import Offering
from catalog.places import counties, county_name

NOWHERE = "none"
"""The key of the line for sessions in no county."""
NOWHERE_SAID = "In no county, such as online"


def within(chosen: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether the Offering of the statement around it is in one of these counties; without any, wherever it is."""
    return Offering.county.in_(chosen) if chosen else sa.true()


def is_in(county: Any, key: str) -> sa.ColumnElement[bool]:
    """Whether a column names the county of this line."""
    found: sa.ColumnElement[bool] = county.is_(None) if key == NOWHERE else county == key
    return found


def key_of(county: str | None) -> str:
    return county or NOWHERE


def name_of(key: str) -> str:
    return NOWHERE_SAID if key == NOWHERE else county_name(key)


def in_order(keys: set[str]) -> list[str]:
    """As the list of counties has them; what it does not know comes after, and what is nowhere last."""
    known = {fips: number for number, fips in enumerate(counties())}
    return sorted(keys, key=lambda key: (key == NOWHERE, known.get(key, len(known)), key))
