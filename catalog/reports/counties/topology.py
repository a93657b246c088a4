"""Reading TopoJSON: shapes whose borders are kept once, as arcs that neighbours share. No database, no projection.

What is read is the part of the format that county files use: quantized arcs, polygons and multipolygons."""

import json
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from catalog.errors import DataRefused

Point = tuple[float, float]
Ring = tuple[int, ...]
"""Numbers of arcs; ~n is arc n walked backwards."""


class Topology(NamedTuple):
    """Arcs in degrees (longitude, latitude), and for each shape, by its id, its rings."""

    arcs: list[list[Point]]
    shapes: dict[str, list[Ring]]


def read(path: Path, of: str = "counties") -> Topology:
    """The shapes of one of the file's collections. A file that is no such thing is refused with the reason."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        geometries = found["objects"][of]["geometries"]
        topology = Topology(
            [_decoded(arc, found.get("transform")) for arc in found["arcs"]],
            {str(one["id"]): [*_rings(one)] for one in geometries},
        )
    except OSError as error:
        raise DataRefused(path.name, [f"It cannot be read: {error.strerror}."]) from None
    except (ValueError, KeyError, TypeError, IndexError):
        raise DataRefused(path.name, [f"It is no TopoJSON file with a collection named {of}."]) from None
    most = len(topology.arcs)
    used = {arc if arc >= 0 else ~arc for rings in topology.shapes.values() for ring in rings for arc in ring}
    if used and max(used) >= most:
        raise DataRefused(path.name, [f"A shape names arc {max(used)}, and there are {most}."])
    return topology


def _decoded(arc: list[list[float]], transform: dict[str, Any] | None) -> list[Point]:
    """Quantized arcs begin at a point and go on in steps; scale and translation make degrees of them."""
    if transform is None:
        return [(point[0], point[1]) for point in arc]
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    xs, ys = accumulate(point[0] for point in arc), accumulate(point[1] for point in arc)
    return [(x * kx + dx, y * ky + dy) for x, y in zip(xs, ys, strict=True)]


def _rings(geometry: dict[str, Any]) -> Iterable[Ring]:
    match geometry["type"]:
        case "Polygon":
            polygons = [geometry["arcs"]]
        case "MultiPolygon":
            polygons = geometry["arcs"]
        case _:
            polygons = []
    for polygon in polygons:
        for ring in polygon:
            yield tuple(int(arc) for arc in ring)
