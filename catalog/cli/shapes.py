"""`flask catalog make-shapes`: the map of a state from a public file of county shapes."""

from pathlib import Path

import click

from catalog.cli.load import FILE, refusing
from catalog.reports.counties import shapes


@click.command("make-shapes")
@click.argument("file", type=FILE)
@click.argument("state")
@click.option("--year", type=int, help="The year of the boundaries, as the map says it.")
def make_shapes(file: Path, state: str, year: int | None) -> None:
    """Draw the counties of STATE (such as AL) from FILE, TopoJSON with a collection named counties.

    counties-10m.json of the npm package us-atlas is such a file; it holds the Census Bureau's boundaries."""
    with refusing():
        made = shapes.make(file, state.upper(), year=year)
    click.echo(f"Drew the counties of {state.upper()} into {made} ({made.stat().st_size:,} bytes).")
