"""`flask catalog serve`: one command from an empty folder to a running catalog with its mail worker."""

import http.client
import importlib.util
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import flask_migrate
import sqlalchemy as sa
from flask import current_app

from catalog import clock, demo, metrics, readiness
from catalog.accounts.models import Person
from catalog.cli.processes import run_together
from catalog.competencies import queries as competencies_queries
from catalog.competencies import services as competencies
from catalog.config import ConfigError, Settings
from catalog.extensions import db
from catalog.web import HTMX_LOCAL

UPGRADING = 6_021_976
"""The number of the lock under which one process at a time brings a PostgreSQL up to date."""


@click.command()
@click.option("--node", is_flag=True, help="One of several: no worker, and the database stays as it is.")
def serve(node: bool) -> None:
    """Bring the database up to date, start the server and the mail worker, and say where they are.

    The first start also loads the framework and, in demo mode, the demo. With --node it is the server alone, on a
    database that `flask catalog prepare` has brought up to date.
    """
    settings: Settings = current_app.config["CATALOG"]
    refuse_taken_port(settings)
    refuse_missing_htmx(settings)
    refuse_closed_database()
    if node:
        refuse_other_migration()
        db.engine.dispose()
        share_counts(settings)
        command = server_command(settings)
        os.chdir(current_app.root_path)
        os.execv(command[0], command)  # noqa: S606 - this very interpreter
    bring_up_to_date(settings)
    db.engine.dispose()
    share_counts(settings)
    status = run_together(
        server_command(settings),
        [sys.executable, "-m", "flask", "--app", "wsgi", "catalog", "work"],
        current_app.root_path,
        is_ready=lambda: answers(settings),
        when_ready=lambda: announce(settings),
    )
    sys.exit(status)


@click.command()
def prepare() -> None:
    """Bring the database up to date and fill an empty one; run before the nodes of a release start."""
    settings: Settings = current_app.config["CATALOG"]
    refuse_closed_database()
    bring_up_to_date(settings)
    click.echo("The database is up to date.")


def bring_up_to_date(settings: Settings) -> None:
    with one_at_a_time():
        flask_migrate.upgrade()
        refuse_mixed_people(settings)
        first_start(settings)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other process brings this database up to date. SQLite has one machine, and its own lock."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(UPGRADING)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(UPGRADING)))


def refuse_other_migration() -> None:
    """Raises ConfigError where the database is not what this code was written for."""
    here = None
    if sa.inspect(db.engine).has_table("alembic_version"):
        here = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        db.session.rollback()
    expected = readiness.expected(Path(current_app.root_path))
    if here != expected:
        raise ConfigError(
            f"DATABASE_URL names a database at migration {here or 'none'}, and this release needs {expected}; "
            "run `flask catalog prepare` of this release first."
        )


def share_counts(settings: Settings) -> None:
    """Where somebody reads the counts, the processes that answer requests count in one folder, empty at first. It is
    named after the port, which no other node on this machine has, so that none empties the folder of another."""
    if settings.metrics_token:
        folder = Path(current_app.instance_path, "metrics", str(settings.port))
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(parents=True)
        except OSError:
            # In a container whose disk is read-only: they last as long as its processes do.
            folder = Path(tempfile.mkdtemp(prefix="catalog-metrics-"))
        os.environ[metrics.FOLDER] = str(folder)


def refuse_taken_port(settings: Settings) -> None:
    """Find out before anything else is done. Raises ConfigError when the address cannot be listened on."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            # As the server does: a connection of the last run that is still closing keeps nobody out.
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ConfigError(
            f"PORT {settings.port} on HOST {settings.host} cannot be listened on ({error.strerror}); "
            "stop the program that uses it, or choose another PORT."
        ) from None


def refuse_missing_htmx(settings: Settings) -> None:
    """Raises ConfigError when this site is to serve its own copy of htmx and has none."""
    if settings.htmx_source == "local" and not Path(current_app.instance_path, HTMX_LOCAL).is_file():
        raise ConfigError(
            "HTMX_SOURCE is local, but no copy was fetched yet; run `flask catalog fetch-htmx` first, or use cdn."
        )


def refuse_closed_database() -> None:
    """Raises ConfigError when the database that DATABASE_URL names does not let us in, or cannot hold every name."""
    try:
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                encoding = connection.scalar(sa.text("SHOW server_encoding"))
                if encoding != "UTF8":
                    raise ConfigError(
                        f"DATABASE_URL names a database whose encoding is {encoding}, and only UTF8 holds every "
                        "name; make one with `createdb --template template0 --encoding UTF8 NAME`."
                    )
    except sa.exc.OperationalError as error:
        reason = " ".join(str(error.orig).split())
        raise ConfigError(f"DATABASE_URL names a database that cannot be opened: {reason}") from None


def refuse_mixed_people(settings: Settings) -> None:
    """Keep the demo's keys away from real people, and the demo's people away from a real site.

    Raises ConfigError when DEMO does not fit who is in the database. Somebody who signed up in the demo is fine.
    """
    if not settings.demo and is_there(Person.is_sample):
        raise ConfigError(
            "DEMO is off, but this database holds the demo's sample people, whose password everybody knows; "
            "give the site a database of its own with DATABASE_URL, or set DEMO=1."
        )
    if settings.demo and is_there(~Person.is_sample) and not is_there(Person.is_sample):
        raise ConfigError(
            "DEMO is on, but this database holds real people, whom the demo's key would not protect; "
            "set DEMO=0, or give the demo a database of its own with DATABASE_URL."
        )


def first_start(settings: Settings) -> None:
    """Load what an empty catalog needs. One transaction, so that a start that is killed begins again."""
    if competencies_queries.edition_in_force() is None:
        click.echo("This is the first start; filling the catalog takes a moment.")
        report = competencies.load_framework(Path(current_app.root_path, "data", "framework.json"))
        click.echo(report.lines()[0])
    if settings.demo and not is_there(Person.id.is_not(None)):
        click.echo(demo.load(clock.now())[0])
    db.session.commit()


def is_there(condition: sa.ColumnExpressionArgument[bool]) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(condition))))


def server_command(settings: Settings) -> list[str]:
    """The production server for this system: gunicorn, or waitress where gunicorn does not run."""
    if importlib.util.find_spec("gunicorn") is None:
        return [
            *(sys.executable, "-m", "waitress", "--host", settings.host, "--port", str(settings.port)),
            *("--threads", str(settings.workers * settings.threads), "wsgi:app"),
        ]
    bracketed = f"[{settings.host}]" if ":" in settings.host else settings.host
    return [
        *(sys.executable, "-m", "gunicorn", "--bind", f"{bracketed}:{settings.port}"),
        # A thread takes a request when all of it has arrived, so that slow clients keep nobody waiting.
        *("--worker-class", "gathering.GatheringWorker"),
        *("--logger-class", "lines.JsonLog" if settings.log_format == "json" else "lines.PlainLog"),
        *("--workers", str(settings.workers), "--threads", str(settings.threads)),
        # Longer than nginx keeps a connection to it, so that it is never this end that closes first.
        *("--keep-alive", "35", "--graceful-timeout", "20", "--log-level", "warning"),
        # A search with every filter and forty cookies fits; what is longer is nobody's browser.
        *(
            "--limit-request-line",
            "8190",
            "--limit-request-fields",
            "64",
            "--limit-request-field_size",
            "8190",
        ),
        # The control socket would be shared by every installation of the same user.
        "--no-control-socket",
        *(("--worker-tmp-dir", "/dev/shm") if Path("/dev/shm").is_dir() else ()),  # noqa: S108 - a heartbeat only
        "wsgi:app",
    ]


def answers(settings: Settings) -> bool:
    """Whether the server answers requests already."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - it is looked up, not bound
    host = everywhere.get(settings.host, settings.host)
    with closing(http.client.HTTPConnection(host, settings.port, timeout=1)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False


def announce(settings: Settings) -> None:
    """Say where the catalog is and, in demo mode, as whom one may look around."""
    click.echo(f"\n{settings.site_name} is ready at {settings.site_url} (Ctrl-C stops it).")
    if settings.demo:
        click.echo("People and dates are samples. Sign in as one of them:")
        for email, does in demo.SIGN_INS:
            click.echo(f"  {email:<18} who {does:<12}  password: {demo.PASSWORD}")
