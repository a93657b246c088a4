"""`flask catalog read-bounces`: what mail servers report back marks the addresses that take no mail."""

import mailbox
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app

from catalog.extensions import db, start_writing
from catalog.notices import services


@click.command("read-bounces")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def read_bounces(path: Path) -> None:
    """Read the reports in PATH, an mbox file or a Maildir folder. The mailbox stays as it is, and may be read again:
    each report counts once."""
    host = urlsplit(current_app.config["CATALOG"].site_url).hostname or ""
    read = kept = passed = 0
    for raw in _messages(path):
        start_writing()
        of_this = services.read(raw, host)
        db.session.commit()
        read, kept, passed = read + 1, kept + of_this, passed + (of_this == 0)
    click.echo(f"Messages read: {read}. Addresses marked or noted: {kept}. Messages passed over: {passed}.")


def _messages(path: Path) -> Iterator[bytes]:
    if path.is_dir() and not all((path / name).is_dir() for name in ("new", "cur")):
        raise click.ClickException(f"{path} is no Maildir: it lacks the folders new and cur.")
    box: mailbox.Maildir | mailbox.mbox = (
        mailbox.Maildir(str(path), create=False) if path.is_dir() else mailbox.mbox(str(path), create=False)
    )
    try:
        for key in box.keys():  # noqa: SIM118 - a mailbox iterates over its messages, each read into memory
            yield box.get_bytes(key)
    finally:
        box.close()
