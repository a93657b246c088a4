"""The lines of a table by the county in which people work: those of the state, others in use, and none."""

from collections.abc import Collection

from catalog.places import counties as all_counties
from catalog.places import county_name

NO_COUNTY = "none"
"""The key of the line for those who named none."""


def keys(state: str, chosen: Collection[str], in_use: Collection[str]) -> list[str]:
    """Those chosen; else every county of the state, others in use, and none."""
    if chosen:
        return list(chosen)
    of_state = [one.fips for one in all_counties().values() if one.state == state]
    return [*of_state, *sorted(set(in_use) - {*of_state, ""}), NO_COUNTY]


def said(key: str) -> str:
    return county_name(key) if key and key != NO_COUNTY else "No county named"


def place_of(key: str) -> str:
    """What the rows hold for the county of a line."""
    return "" if key == NO_COUNTY else key
