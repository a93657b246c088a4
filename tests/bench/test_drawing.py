"""The picture of how cost grows."""

from typing import Any
from xml.etree import ElementTree

from bench import drawing, growth

SVG = "{http://www.w3.org/2000/svg}"


def found() -> list[dict[str, Any]]:
    rest = {"p99": 9.0, "floor_p50": 1.0, "floor_p99": 2.0, "ratio": 0.5}
    return [
        {"title": title, "enrollments": size, "p50": ms, **rest}
        for title in ("Catalog", "Desk & mail")
        for size, ms in ((50, 4.0), (500, 5.0), (5000, 40.0))
    ]


def test_every_page_has_a_line_and_its_name() -> None:
    root = ElementTree.fromstring(drawing.svg(found()))
    assert len(root.findall(f".//{SVG}polyline")) == 2
    said = [text.text for text in root.iter(f"{SVG}text")]
    assert {"Catalog", "Desk & mail", "milliseconds (median)", "enrollments"} <= set(said)


def test_it_says_in_words_what_it_shows() -> None:
    root = ElementTree.fromstring(drawing.svg(found()))
    assert "Catalog: from 4 to 40 ms" in (root.findtext(f"{SVG}desc") or "")


def test_the_table_has_the_median_at_each_size() -> None:
    assert "| Catalog | 4.0 | 5.0 | 40.0 | 0.50 | 9.0 | 2.0 |" in growth.table(found())
