"""Drawing the counties of one state: projected, simplified arc by arc, in whole numbers of a small drawing.

A border is simplified as an arc, once for both counties it parts; so neighbours stay neighbours, without a gap."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, radians, sin, sqrt
from typing import Any, NamedTuple

from catalog.reports.counties.topology import Point, Ring, Topology

HEIGHT = 720
"""Of the drawing; its width follows from the state."""
MARGIN = 4
TOLERANCE = 0.8
"""How far, in units of the drawing, a simplified border may lie beside the one that was read."""
Spot = tuple[int, int]


class Drawn(NamedTuple):
    """A county as the path of an SVG, and where its label stands."""

    path: str
    x: int
    y: int


def draw(topology: Topology, fips: Sequence[str]) -> dict[str, Any]:
    """The counties as what a file of shapes holds: the size, and for each county its path and label."""
    wanted = {one: topology.shapes[one] for one in fips if one in topology.shapes}
    used = {_number(arc) for rings in wanted.values() for ring in rings for arc in ring}
    arcs, width = _fitted({number: topology.arcs[number] for number in used})
    simple = {number: _rounded(_simplified(points)) for number, points in arcs.items()}
    counties = {one: _drawn([_ring(ring, simple) for ring in rings]) for one, rings in wanted.items()}
    return {
        "width": width,
        "height": HEIGHT,
        "counties": {one: list(county) for one, county in counties.items()},
    }


def _number(arc: int) -> int:
    return arc if arc >= 0 else ~arc


# Projecting.


def _fitted(arcs: dict[int, list[Point]]) -> tuple[dict[int, list[Point]], int]:
    """The arcs in units of the drawing, y downwards, and how wide the drawing is."""
    flat = _albers(arcs)
    xs = [x for points in flat.values() for x, _ in points]
    ys = [y for points in flat.values() for _, y in points]
    scale = (HEIGHT - 2 * MARGIN) / (max(ys) - min(ys))
    left, top = min(xs), max(ys)
    fitted = {
        number: [((x - left) * scale + MARGIN, (top - y) * scale + MARGIN) for x, y in points]
        for number, points in flat.items()
    }
    return fitted, round((max(xs) - left) * scale) + 2 * MARGIN


def _albers(arcs: dict[int, list[Point]]) -> dict[int, list[Point]]:
    """Albers' conic projection, which keeps areas equal, about the middle of what is drawn."""
    arcs = _in_one_piece(arcs)
    longitudes = [x for points in arcs.values() for x, _ in points]
    latitudes = [y for points in arcs.values() for _, y in points]
    south, north = min(latitudes), max(latitudes)
    middle = radians((min(longitudes) + max(longitudes)) / 2)
    first, second = radians(south + (north - south) / 6), radians(north - (north - south) / 6)
    n = (sin(first) + sin(second)) / 2
    c = cos(first) ** 2 + 2 * n * sin(first)

    def project(point: Point) -> Point:
        rho = sqrt(c - 2 * n * sin(radians(point[1]))) / n
        theta = n * (radians(point[0]) - middle)
        return rho * sin(theta), -rho * cos(theta)

    return {number: [project(point) for point in points] for number, points in arcs.items()}


def _in_one_piece(arcs: dict[int, list[Point]]) -> dict[int, list[Point]]:
    """A state on both sides of the 180th meridian is drawn on one."""
    longitudes = [x for points in arcs.values() for x, _ in points]
    if max(longitudes) - min(longitudes) < 180:
        return arcs
    return {number: [(x - 360 if x > 0 else x, y) for x, y in points] for number, points in arcs.items()}


# Simplifying.


def _simplified(points: Sequence[Point]) -> list[Point]:
    """Without the points that lie within the tolerance of what is left (Douglas and Peucker); both ends stay."""
    keep = {0, len(points) - 1}
    parts = [(0, len(points) - 1)]
    while parts:
        begin, end = parts.pop()
        far, at = max(
            ((_distance(points[i], points[begin], points[end]), i) for i in range(begin + 1, end)),
            default=(0.0, 0),
        )
        if far > TOLERANCE:
            keep.add(at)
            parts += [(begin, at), (at, end)]
    return [points[i] for i in sorted(keep)]


def _distance(point: Point, one: Point, other: Point) -> float:
    """From the line between two points; from the point where they are the same."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    px, py = point[0] - one[0], point[1] - one[1]
    length = dx * dx + dy * dy
    along = min(max((px * dx + py * dy) / length, 0), 1) if length else 0
    return sqrt((px - along * dx) ** 2 + (py - along * dy) ** 2)


def _rounded(points: Iterable[Point]) -> list[Spot]:
    found: list[Spot] = []
    for x, y in points:
        spot = round(x), round(y)
        if not found or found[-1] != spot:
            found.append(spot)
    return found


# Rings into paths.


def _ring(ring: Ring, arcs: dict[int, list[Spot]]) -> list[Spot]:
    """The arcs of a ring one after the other; where two meet the point stands once."""
    found: list[Spot] = []
    for arc in ring:
        points = arcs[_number(arc)]
        for spot in points if arc >= 0 else reversed(points):
            if not found or found[-1] != spot:
                found.append(spot)
    return found[:-1] if len(found) > 1 and found[0] == found[-1] else found


def _drawn(rings: list[list[Spot]]) -> Drawn:
    """Islands that are smaller than a line are left out, unless there is nothing else."""
    by_size = sorted(rings, key=lambda ring: abs(_area(ring)), reverse=True)
    seen = [ring for ring in by_size if len(ring) > 2 and abs(_area(ring)) >= 2] or by_size[:1]
    x, y = label_point(seen[0])
    return Drawn("".join(map(_path, seen)), x, y)


def _path(ring: Sequence[Spot]) -> str:
    """Begins at a point and goes on in steps: "M12 34l5 6-3 4z"."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring)]
    words = "".join(f"{_after(dx)}{_after(dy)}" for dx, dy in steps).lstrip()
    return f"M{ring[0][0]}{_after(ring[0][1])}l{words}z"


def _after(number: int) -> str:
    """A minus sign parts two numbers as well as a space does."""
    return str(number) if number < 0 else f" {number}"


def _area(ring: Sequence[Spot]) -> float:
    pairs = zip(ring, [*ring[1:], *ring[:1]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def label_point(ring: Sequence[Spot]) -> Spot:
    """The middle of the ring; where that lies outside of it, the middle of its widest part at that height."""
    area = _area(ring)
    if not area:
        return ring[0]
    pairs = [*zip(ring, [*ring[1:], *ring[:1]], strict=True)]
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    level = round(y) + 0.5
    crossings = sorted(
        a[0] + (level - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for a, b in pairs
        if (a[1] < level) != (b[1] < level)
    )
    parts = [*zip(crossings[::2], crossings[1::2], strict=True)]
    if not parts or any(begin < x < end for begin, end in parts):
        return round(x), round(y)
    widest = max(parts, key=lambda part: part[1] - part[0])
    return round(sum(widest) / 2), round(y)
