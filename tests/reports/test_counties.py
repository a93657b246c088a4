"""The shapes of the counties: read from TopoJSON, simplified so that neighbours share their border, kept small."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from catalog.errors import DataRefused
from catalog.places import counties
from catalog.reports.counties import shapes
from catalog.reports.counties.drawing import draw, label_point
from catalog.reports.counties.topology import read

Spot = tuple[int, int]
PATH = re.compile(r"M(?P<start>[^l]+)l(?P<steps>[^z]+)z")
NUMBER = re.compile(r"-?\d+")


def rings(path: str) -> list[list[Spot]]:
    """What a browser draws: every point of every ring."""
    found = []
    assert PATH.sub("", path) == ""
    for ring in PATH.finditer(path):
        x, y = (int(word) for word in NUMBER.findall(ring["start"]))
        steps = [int(word) for word in NUMBER.findall(ring["steps"])]
        spots = [(x, y)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            spots.append((spots[-1][0] + dx, spots[-1][1] + dy))
        found.append(spots)
    return found


def edges(ring: list[Spot]) -> list[tuple[Spot, Spot]]:
    return [*zip(ring, [*ring[1:], ring[0]], strict=True)]


def alabama() -> shapes.Shapes:
    found = shapes.shapes("AL")
    assert found
    return found


def test_each_county_of_the_state_is_drawn_and_no_other() -> None:
    assert set(alabama().counties) == {one.fips for one in counties().values() if one.state == "AL"}
    assert len(alabama().counties) == 67


def test_the_file_is_small_and_says_where_it_comes_from() -> None:
    assert (shapes.FOLDER / "AL.json").stat().st_size < 60_000
    assert "Census" in alabama().source
    assert alabama().year == 2017


def test_every_path_lies_within_the_drawing() -> None:
    for county in alabama().counties.values():
        for ring in rings(county.path):
            assert len(ring) > 2
            assert all(0 <= x <= alabama().width and 0 <= y <= alabama().height for x, y in ring)


def test_neighbours_share_their_border() -> None:
    """An edge within the state is walked twice, once each way; one on its border once. So no gap and no overlap."""
    walked = Counter(
        edge for county in alabama().counties.values() for ring in rings(county.path) for edge in edges(ring)
    )
    assert max(walked.values()) == 1
    inner = [edge for edge in walked if edge[::-1] in walked]
    outer = [edge for edge in walked if edge[::-1] not in walked]
    assert len(inner) > len(outer)
    # What is on the border of the state closes rings of its own: from each point as many go as come.
    assert Counter(a for a, _ in outer) == Counter(b for _, b in outer)


def test_each_label_stands_within_its_county() -> None:
    for fips, county in alabama().counties.items():
        assert any(is_inside((county.x, county.y + 0.5), ring) for ring in rings(county.path)), fips


def is_inside(point: tuple[float, float], ring: list[Spot]) -> bool:
    x, y = point
    crossings = [
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in edges(ring) if (a[1] < y) != (b[1] < y)
    ]
    return sum(crossing > x for crossing in crossings) % 2 == 1


def test_a_label_of_a_bent_shape_stands_inside_it() -> None:
    bent = [(0, 0), (40, 0), (40, 10), (10, 10), (10, 40), (40, 40), (40, 50), (0, 50)]
    x, y = label_point(bent)
    assert is_inside((x, y + 0.5), bent)


# Reading.

SQUARES = {
    "type": "Topology",
    "transform": {"scale": [0.1, 0.1], "translate": [-87, 32]},
    "arcs": [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
    ],
    "objects": {
        "counties": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "01001", "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "id": "01003", "arcs": [[[2, -1]]]},
            ],
        }
    },
}


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "counties.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_arcs_are_steps_from_a_point(tmp_path: Path) -> None:
    topology = read(written(tmp_path, SQUARES))
    assert topology.arcs[0] == [(-86, 32), (-86, 33)]
    assert topology.shapes == {"01001": [(0, 1)], "01003": [(2, -1)]}


def test_an_arc_walked_backwards_is_the_same_border(tmp_path: Path) -> None:
    drawn = draw(read(written(tmp_path, SQUARES)), ["01001", "01003"])
    left, right = (set(edges(rings(path)[0])) for path, _, _ in drawn["counties"].values())
    assert {edge[::-1] for edge in left} & right


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "no TopoJSON"),
        ({"type": "FeatureCollection"}, "no TopoJSON"),
        ([], "no TopoJSON"),
        ({**SQUARES, "arcs": []}, "A shape names arc 2, and there are 0"),
    ],
)
def test_another_file_is_refused_with_the_reason(tmp_path: Path, content: object, says: str) -> None:
    with pytest.raises(DataRefused, match=says):
        read(written(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="cannot be read"):
        read(tmp_path / "nothing.json")


def test_a_state_without_counties_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="has no county of it"):
        shapes.make(written(tmp_path, SQUARES), "ZZ", folder=tmp_path)


def test_a_file_that_lacks_a_county_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="no shape of county 01005"):
        shapes.make(written(tmp_path, SQUARES), "AL", folder=tmp_path / "shapes")
    assert not (tmp_path / "shapes").exists()


def test_the_command_says_what_is_wrong(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        answer = app.test_cli_runner().invoke(
            args=["catalog", "make-shapes", str(tmp_path / "nothing.json"), "AL"]
        )
    assert answer.exit_code == 1
    assert "cannot be read" in answer.output


def test_a_state_that_nobody_has_drawn_has_no_shapes() -> None:
    assert shapes.shapes("ZZ") is None
