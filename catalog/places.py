"""Counties, by their FIPS code. Another state adds its rows to data/counties.csv."""

import csv
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent.parent / "data" / "counties.csv"


EARTH_KM = 6371.0


class County(NamedTuple):
    """A county and the middle of its land, in degrees; from the npm package us-atlas (shapes of the US Census)."""

    fips: str
    state: str
    name: str
    latitude: float | None = None
    longitude: float | None = None


@cache
def counties() -> dict[str, County]:
    """Every county by FIPS code, in the file's order, which is alphabetical within a state."""
    with FILE.open(newline="", encoding="utf-8") as lines:
        return {row["fips"]: _county(row) for row in csv.DictReader(lines)}


def _county(row: dict[str, str]) -> County:
    middle = (row.get("latitude"), row.get("longitude"))
    return County(row["fips"], row["state"], row["name"], *(float(text) if text else None for text in middle))


def county_name(fips: str | None) -> str:
    """The name for 01109 is "Pike County"; an unknown code is shown as it is, because it is better than nothing."""
    if not fips:
        return ""
    county = counties().get(fips)
    return f"{county.name} County" if county else fips


@cache
def distance_km(one: str | None, other: str | None) -> int:
    """From the middle of one county to the middle of another, as the crow flies, in whole kilometres.

    0 within a county, and where either is not known."""
    a, b = counties().get(one or ""), counties().get(other or "")
    if a is None or b is None or a == b:
        return 0
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return 0
    north, east = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    half = sin(north / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(half)))
