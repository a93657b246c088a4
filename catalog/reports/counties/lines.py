"""The lines of a table by the county in which people work."""

from collections.abc import Collection

from catalog.places import counties as all_counties
from catalog.places import county_name

NO_COUNTY = "none"
"""The key of the line for those who named none."""


REST = "Counties that are not listed have nothing."


def keys(chosen: Collection[str], in_use: Collection[str]) -> list[str]:
    """Those chosen; else those in use, in the order of the list of counties, and last who named none ("")."""
    if chosen:
        return list(chosen)
    known = {fips: number for number, fips in enumerate(all_counties())}
    named = sorted(set(in_use) - {""}, key=lambda one: (known.get(one, len(known)), one))
    return [*named, *([NO_COUNTY] if "" in in_use else [])]


def said(key: str) -> str:
    return county_name(key) if key and key != NO_COUNTY else "No county named"


def place_of(key: str) -> str:
    """What the rows hold for the county of a line."""
    return "" if key == NO_COUNTY else key
