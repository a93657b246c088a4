"""CSV files of listings that a test can write with a few cells of its own."""

import csv
from pathlib import Path

from catalog.courses.importing import COLUMNS
from tests import factories

OWN = Path(__file__).parents[2] / "data" / "trainings.csv"
GOOD = {"title": "Sample training", "kind": "in_service", "provider": "Sample provider"}
AREAS = ("TF", "LRAP", "SE", "DSS", "WWO", "COM", "THK", "REF", "ADM", "LEAD", "RES")


def make_areas() -> None:
    for code in AREAS:
        factories.area(code)


def write(folder: Path, *rows: dict[str, str]) -> Path:
    """A file with these rows; what a row does not say is as in GOOD, or empty."""
    path = folder / "listings.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(dict.fromkeys(COLUMNS, "") | GOOD | row for row in rows)
    return path
