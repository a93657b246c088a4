"""`flask catalog purge`: forgets what is over its time, or says what would be forgotten."""

import click
from flask import current_app

from catalog import clock
from catalog.config import Settings
from catalog.extensions import db, writing
from catalog.privacy import keeping


@click.command()
@click.option(
    "--dry-run", is_flag=True, help="Say how many rows of each kind are over their time, and forget none."
)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(list(keeping.PURGES)), help="Only this kind."
)
def purge(dry_run: bool, kinds: tuple[str, ...]) -> None:
    """Forget what is over its time, kind by kind, some hundred rows at once. The worker does the same every day."""
    settings: Settings = current_app.config["CATALOG"]
    for kind in kinds or keeping.PURGES:
        rows = _count(kind, settings) if dry_run else _forget(kind, settings)
        click.echo(f"{kind}: {rows:,}. {keeping.sentence(kind, settings.retention)}")


def _count(kind: str, settings: Settings) -> int:
    writing.set(False)
    return keeping.count(kind, settings.retention, clock.now())


def _forget(kind: str, settings: Settings) -> int:
    rows = 0
    while some := keeping.forget_some(kind, settings.retention, clock.now()):
        db.session.commit()
        rows += some
    db.session.rollback()
    return rows
