"""The counties of a state as a drawing, from data/shapes; a state without a file has no map, and its tables stand
alone."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from catalog.errors import DataRefused
from catalog.places import counties
from catalog.reports.counties.drawing import Drawn, draw
from catalog.reports.counties.topology import read

FOLDER = Path(__file__).parents[3] / "data" / "shapes"
CENSUS = "US Census Bureau, cartographic boundary files, public domain"


class Shapes(NamedTuple):
    """What a map needs: the size of the drawing, where it comes from, and each county by its FIPS code."""

    width: int
    height: int
    source: str
    year: int | None
    counties: dict[str, Drawn]


@cache
def shapes(state: str) -> Shapes | None:
    """Of the state with this name of two letters; None where nobody has made its shapes."""
    path = FOLDER / f"{state}.json"
    if not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    drawn = {fips: Drawn(*county) for fips, county in found["counties"].items()}
    return Shapes(found["width"], found["height"], found["source"], found["year"], drawn)


def make(source: Path, state: str, *, year: int | None = None, folder: Path = FOLDER) -> Path:
    """Draws the state's counties from a TopoJSON file of counties and writes them where `shapes` looks for them."""
    wanted = [one.fips for one in counties().values() if one.state == state]
    if not wanted:
        raise DataRefused(state, ["data/counties.csv has no county of it. Add its counties first."])
    topology = read(source)
    if absent := [fips for fips in wanted if fips not in topology.shapes]:
        raise DataRefused(source.name, [f"It has no shape of county {fips}." for fips in absent])
    found = {"state": state, "source": CENSUS, "year": year, **draw(topology, wanted)}
    path = folder / f"{state}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(found), encoding="utf-8")
    except OSError as error:
        raise DataRefused(path.name, [f"It cannot be written: {error.strerror}."]) from None
    return path


def _text(found: dict[str, Any]) -> str:
    """A county a line, so that a change of one border is a change of few lines."""
    counties_of = [f"{json.dumps(fips)}:{_short(county)}" for fips, county in found.pop("counties").items()]
    return f'{_short(found)[:-1]},"counties":{{\n' + ",\n".join(counties_of) + "\n}}\n"


def _short(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
