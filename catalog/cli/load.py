"""What is loaded from files: the framework, listings, the demo, and htmx for networks that block the CDN."""

import base64
import contextlib
import hashlib
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask import current_app

from catalog import clock, demo, web
from catalog.competencies import effects
from catalog.competencies import services as competencies
from catalog.courses import carrying, importing, search
from catalog.errors import DataRefused, RuleBroken
from catalog.extensions import db

LARGEST_SCRIPT = 1024 * 1024

FILE = click.Path(path_type=Path)


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """A refusal is said as it is, without a traceback, and nothing stays half done."""
    try:
        yield
    except (DataRefused, RuleBroken) as refused:
        db.session.rollback()
        raise click.ClickException(str(refused)) from None


def say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


@click.command("load-framework")
@click.argument("file", type=FILE)
def load_framework(file: Path) -> None:
    """Load a framework FILE (JSON): credentials, categories, areas, topics and rules.

    Loading it again changes nothing. A newer edition keeps every mapping of a course and says what it could not
    carry over."""
    with refusing():
        report = competencies.load_framework(file)
        lines = [*report.lines(), *carrying.carry_over()]
        # An area or a topic may have another name in this edition.
        search.reindex_all()
        if report.changed:
            effects.recount(f"Edition {report.edition} was loaded", None, None)
    db.session.commit()
    say(lines)


@click.command("export-framework")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def export_framework(file: Path) -> None:
    """Write the framework as it is now into FILE, with what was edited here; - writes it to the screen."""
    with refusing():
        content = competencies.exported()
    if str(file) == "-":
        click.echo(content, nl=False)
        return
    try:
        file.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(f"Wrote the framework to {file}.")


@click.command("import-courses")
@click.argument("file", type=FILE)
def import_courses(file: Path) -> None:
    """Import listings from FILE (CSV, UTF-8): all rows or none. Importing it again changes nothing."""
    with refusing():
        report = importing.import_courses(file)
    db.session.commit()
    say(report.lines())


@click.command("load-demo")
def load_demo() -> None:
    """Fill an empty catalog with the real listings and with sample people and dates around today."""
    with refusing():
        lines = demo.load(clock.now())
    db.session.commit()
    say(lines)


@click.command("fetch-htmx")
@click.option("--from", "source", type=FILE, help="Take this file instead of asking the CDN.")
def fetch_htmx(source: Path | None) -> None:
    """Keep a checked copy of htmx here, for networks that block the CDN (with HTMX_SOURCE=local)."""
    content = source_bytes(source)
    found = "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
    if found != web.HTMX_INTEGRITY:
        raise click.ClickException(
            f"What {source or web.HTMX_URL} holds is not the htmx that this catalog was made for, so it was not kept."
        )
    target = Path(current_app.instance_path) / web.HTMX_LOCAL
    # Written beside and moved, so that nobody is ever served a half of it.
    beside = target.with_suffix(".part")
    beside.write_bytes(content)
    beside.replace(target)
    click.echo(f"Kept {target.name} in {target.parent}. Set HTMX_SOURCE=local to serve it.")


def source_bytes(source: Path | None) -> bytes:
    try:
        if source:
            return source.read_bytes()
        with urllib.request.urlopen(web.HTMX_URL, timeout=30) as answer:  # noqa: S310 - the address is ours
            content: bytes = answer.read(LARGEST_SCRIPT)
            return content
    except (OSError, urllib.error.URLError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise click.ClickException(f"{source or web.HTMX_URL} cannot be read: {reason}.") from None
