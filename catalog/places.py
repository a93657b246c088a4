"""Counties, by their FIPS code. Another state adds its rows to data/counties.csv."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent.parent / "data" / "counties.csv"


class County(NamedTuple):
    fips: str
    state: str
    name: str


@cache
def counties() -> dict[str, County]:
    """Every county by FIPS code, in the file's order, which is alphabetical within a state."""
    with FILE.open(newline="", encoding="utf-8") as lines:
        return {row["fips"]: County(row["fips"], row["state"], row["name"]) for row in csv.DictReader(lines)}


def county_name(fips: str | None) -> str:
    """The name for 01109 is "Pike County"; an unknown code is shown as it is, because it is better than nothing."""
    if not fips:
        return ""
    county = counties().get(fips)
    return f"{county.name} County" if county else fips
