"""`flask catalog backup` and `restore`: a copy taken while people write, proved by bringing it back."""

import hashlib
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

import click
import sqlalchemy as sa
from flask import current_app

from catalog import clock, readiness
from catalog.cli import copying
from catalog.cli.copying import CopyFailed
from catalog.extensions import db
from catalog.reports.checking import invariants

PREFIX = "catalog-"
BROKEN = "The copy is kept, but these invariants do not hold, here and there; `flask catalog check` names the rows:"


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--folder", type=click.Path(path_type=Path), help="Where to keep backups that name themselves.")
@click.option(
    "--keep", type=click.IntRange(1), help="Of those that name themselves, keep so many of the newest."
)
def backup(file: Path | None, folder: Path | None, keep: int | None) -> None:
    """Copy the whole database into FILE while the catalog runs, and prove it: the copy is brought back into a scratch
    database, each table is counted against what was copied, and the invariants of `check` are asked there.

    Everything that people gave, files included, lies in the database. Without FILE the copy is named after the moment
    and kept in --folder, by default `backups` in the instance folder. What cannot be brought back is not kept."""
    url, now = db.engine.url.render_as_string(hide_password=False), clock.now()
    target = file or (folder or Path(current_app.instance_path, "backups")) / _name(url, now)
    if keep and file:
        raise click.ClickException("--keep is for backups that name themselves; leave FILE out.")
    with _failing(), _ending_when_told(), _beside(target) as beside:
        copying.remove_leftovers(url, beside.parent, now)
        counted = copying.copy(url, beside)
        with copying.scratch(url, beside.parent) as scratch:
            copying.bring_back(beside, scratch)
            refuse_difference(scratch, counted)
            broken = broken_invariants(scratch)
        digest = _digest(beside)
        _settle(beside, target, digest)
    rows = sum(counted.values())
    click.echo(
        f"Copied {rows:,} rows of {len(counted)} tables to {target}, brought back and checked. SHA-256 {digest}"
    )
    for old in _older(target, keep) if keep and not file else ():
        old.unlink()
        _note(old).unlink(missing_ok=True)
        click.echo(f"Removed {old.name}.")
    if broken:
        # The copy is faithful, and what is wrong in it is wrong in the catalog: it is kept, and somebody must look.
        raise click.ClickException(f"{BROKEN} {', '.join(broken)}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Throw away what the database holds now.")
def restore(file: Path, overwrite: bool) -> None:
    """Bring the backup in FILE back into the database of this installation, which must be empty.

    Stop the catalog and its workers first. FILE is brought back into a scratch database and looked at there before
    anything of the real one is touched."""
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    db.engine.dispose()
    # Settings that were forgotten name another database than the one that is meant.
    click.echo(f"This fills {copying.named(url)}.")
    with _failing(), _ending_when_told():
        if not overwrite and copying.holds_anything(url):
            raise CopyFailed("The database is not empty. --overwrite throws away what it holds now.")
        _refuse_changed(file)
        with tempfile.TemporaryDirectory() as folder, copying.scratch(url, Path(folder)) as scratch:
            copying.bring_back(file, scratch)
            counted = copying.counts(scratch)
            if not counted.get("alembic_version"):
                raise CopyFailed(f"{file.name} is no copy of a catalog.")
            refuse_difference(scratch, counted)
            copying.take_place(scratch, url)
        refuse_difference(url, counted)
        broken = broken_invariants(url)
    click.echo(
        f"Brought back {sum(counted.values()):,} rows of {len(counted)} tables into {copying.named(url)}."
    )
    click.echo(f"Not as they must be: {', '.join(broken)}." if broken else "All invariants hold.")
    click.echo("The next start brings it up to date, if it comes from an older release.")


def refuse_difference(url: str, counted: dict[str, int]) -> None:
    """Raises CopyFailed where this database is not whole, or not what was copied."""
    found = copying.counts(url)
    for table in sorted(counted.keys() | found.keys()):
        if counted.get(table) != found.get(table):
            raise CopyFailed(
                f"{table} had {counted.get(table, 'no')} rows and has {found.get(table, 'no')} in the copy."
            )
    engine = copying.engine(url)
    with engine.connect() as connection:
        copying.refuse_damage(connection)
    engine.dispose()


def broken_invariants(url: str) -> list[str]:
    """Those that do not hold there. A copy of an older release may lack what they ask about."""
    engine = copying.engine(url)
    with engine.connect() as connection:
        if not is_of_this_release(connection):
            return []
        broken = [name for name, _, select in invariants.ALL if connection.execute(select).first()]
    engine.dispose()
    return broken


def is_of_this_release(connection: sa.engine.Connection) -> bool:
    here = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return bool(here == readiness.expected(Path(current_app.root_path)))


@contextmanager
def _failing() -> Iterator[None]:
    """A failure is one sentence, without a traceback."""
    try:
        yield
    except CopyFailed as failed:
        raise click.ClickException(str(failed)) from None
    except (sa.exc.SQLAlchemyError, OSError) as error:
        raise click.ClickException(f"It failed: {getattr(error, 'orig', None) or error}") from None


@contextmanager
def _ending_when_told() -> Iterator[None]:
    """SIGTERM would end Python at once, and leave half a copy and a scratch database; as an exception it passes those
    who throw them away. A second one finds them at it, and changes nothing."""

    def end(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _name(url: str, now: datetime) -> str:
    return f"{PREFIX}{now:%Y%m%dT%H%M%SZ}.{'db' if url.startswith('sqlite') else 'dump'}"


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file beside the target, for its owner only; it is gone afterwards, whatever happens."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _settle(beside: Path, target: Path, digest: str) -> None:
    """The copy gets its name when all of it lies on the disk, never before."""
    with beside.open("rb") as copy:
        os.fsync(copy.fileno())
    _note(target).write_text(f"{digest}  {target.name}\n")
    beside.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _note(file: Path) -> Path:
    """As `sha256sum --check` reads it."""
    return file.with_name(f"{file.name}.sha256")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _refuse_changed(file: Path) -> None:
    note = _note(file)
    if note.exists() and note.read_text().split()[:1] != [_digest(file)]:
        raise CopyFailed(
            f"{file.name} is not what was written: its SHA-256 is another one than {note.name} says."
        )


def _older(newest: Path, keep: int) -> list[Path]:
    """Names hold the moment, so the order of names is that of time."""
    return sorted(newest.parent.glob(f"{PREFIX}*{newest.suffix}"), reverse=True)[keep:]
