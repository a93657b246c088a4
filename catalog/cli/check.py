"""`flask catalog check`: reads the whole database for what must never be, and names the rows."""

import sys

import click

from catalog.extensions import db, writing
from catalog.reports.checking import invariants


@click.command()
def check() -> None:
    """Audit the invariants. Prints every broken row and ends with status 1 if there is any."""
    writing.set(False)
    broken = 0
    for name, sentence, select in invariants.ALL:
        rows = db.session.execute(select).mappings().all()
        broken += len(rows)
        for row in rows:
            facts = ", ".join(f"{column} {value}" for column, value in row.items())
            click.echo(f"{name}: {sentence} ({facts})")
    if broken:
        click.echo(f"{broken} broken row(s).")
        sys.exit(1)
    click.echo(f"All {len(invariants.ALL)} invariants hold.")
