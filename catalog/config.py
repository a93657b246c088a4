"""The environment, read once. Whatever else wants to know how this installation is set up asks `Settings`.

An empty variable counts as unset. A value that cannot be read, or that would not be safe, stops the start
with one sentence that names the variable; the sentence never repeats a secret.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from catalog import retention

DEVELOPMENT_KEY = "known-to-everybody-and-good-for-the-demo-only"
SHORTEST_KEY = 32

OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]")

HtmxSource = Literal["cdn", "local"]
MailSecurity = Literal["plain", "starttls", "tls"]
SecondFactor = Literal["required", "offered"]
LogFormat = Literal["plain", "json"]
LogLevel = Literal["info", "warning", "error"]
LOG_FORMATS: dict[str, LogFormat] = {"plain": "plain", "json": "json"}
LOG_LEVELS: dict[str, LogLevel] = {"info": "info", "warning": "warning", "error": "error"}
Word = TypeVar("Word", bound=str)


class ConfigError(click.ClickException):
    """One sentence about one variable. The command line prints it and stops with status 2, no traceback."""

    exit_code = 2

    def __init__(self, sentence: str) -> None:
        # A value that holds line ends is repeated without them: the sentence stays one line of a log.
        super().__init__(" ".join(sentence.split()))


@dataclass(frozen=True)
class MailFolder:
    """Mail is written into this folder, one .eml file a message."""

    path: Path


@dataclass(frozen=True)
class MailServer:
    """Mail is handed to this server."""

    host: str
    port: int
    security: MailSecurity
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Organisation:
    """An OpenID Connect provider through which people sign in; `name` is what the button calls it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    # Whether its word that somebody showed a second factor stands for our second step.
    vouches_for_factor: bool = False


@dataclass(frozen=True)
class Settings:
    demo: bool
    host: str
    port: int
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    site_name: str
    site_url: str
    site_zone: str
    state: str
    association: str
    mail: MailFolder | MailServer
    mail_from: str
    htmx_source: HtmxSource
    proxies: int
    workers: int
    threads: int
    browse_refresh_seconds: int
    # Other names under which the site is asked for, beside that of SITE_URL and those of this machine.
    trusted_hosts: tuple[str, ...] = ()
    # How many searches an address, and how many changes a person, may ask for in a minute; 0 is without end.
    searches_a_minute: int = 0
    changes_a_minute: int = 0
    # What a mail provider shows when it tells of addresses that take no mail; None: nobody may tell.
    bounce_secret: str | None = field(default=None, repr=False)
    # Whether coordinators and administrators must have a second step at sign-in, or may.
    second_factor: SecondFactor = "required"
    organisation: Organisation | None = None
    # How long a sign-in lasts in all, and how long it may lie unused; shorter for those who see other people's data.
    sign_in_days: int = 30
    idle_days: int = 14
    staff_idle_hours: int = 12
    # A streaming replica for pages that may be a moment old, and a Redis for limits that several machines share.
    replica_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    # How many days each kind of data is kept.
    retention: Mapping[str, int] = field(default_factory=lambda: retention.DEFAULT)
    log_format: LogFormat = "plain"
    log_level: LogLevel = "warning"
    # What whoever reads the figures at /metrics shows; None: there are none.
    metrics_token: str | None = field(default=None, repr=False)

    @property
    def is_secure(self) -> bool:
        """Whether people reach the site over https only."""
        return self.site_url.startswith("https://")

    @cached_property
    def answered_hosts(self) -> frozenset[str]:
        """The names that a request may call this site by; those of this machine are for looking after it."""
        host = urlsplit(self.site_url).hostname or ""
        return frozenset([f"[{host}]" if ":" in host else host, *self.trusted_hosts, *OWN_HOSTS])

    def _engine(self) -> dict[str, Any]:
        """A connection for each thread, and two for what runs beside them. A server that is gone without a word is
        noticed within a quarter of a minute. What was being written is named in no error, and so in no log."""
        if self.database_url.startswith("sqlite"):
            return {"hide_parameters": True}
        gone = {"connect_timeout": 5, "keepalives_idle": 15, "tcp_user_timeout": 15_000}
        return {
            "hide_parameters": True,
            "pool_size": self.threads,
            "max_overflow": 2,
            "pool_timeout": 10,
            "connect_args": gone,
        }

    def flask_config(self) -> dict[str, Any]:
        """These settings in Flask's words; `CATALOG` holds the object itself."""
        secure = self.is_secure
        return {
            "CATALOG": self,
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine(),
            "PREFERRED_URL_SCHEME": "https" if secure else "http",
            "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
            # Of what a form with files says beside them, and of its parts: both are read into memory.
            "MAX_FORM_MEMORY_SIZE": 500_000,
            "MAX_FORM_PARTS": 1_000,
            # A form may stay open for a day; its token lives as long as the session it belongs to.
            "WTF_CSRF_TIME_LIMIT": None,
            # Files carry their content in their address, so browsers may keep them.
            "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
            # Browsers take a cookie of such a name from this very host alone, and only when it is secure.
            "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
            "SIGN_IN_COOKIE": "__Host-sign_in" if secure else "sign_in",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": secure,
            "REMEMBER_COOKIE_HTTPONLY": True,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": secure,
        }


def read(environ: Mapping[str, str], instance: Path) -> Settings:
    """The settings that `environ` asks for; `instance` is the folder for what belongs to this installation.

    Raises ConfigError for the first variable that cannot be used.
    """
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    demo = _truth("DEMO", given.get("DEMO", "0"))
    host = _host(given.get("HOST", "127.0.0.1"))
    port = _number(given, "PORT", 8000, 1, 65535)
    return Settings(
        demo=demo,
        host=host,
        port=port,
        database_url=_database_url(given.get("DATABASE_URL"), instance),
        secret_key=_secret_key(given.get("SECRET_KEY"), demo),
        site_name=_line("SITE_NAME", given.get("SITE_NAME", "Early Years Learning")),
        site_url=_site_url(given.get("SITE_URL") or _own_address(host, port)),
        site_zone=_zone(given.get("SITE_ZONE", "America/Chicago")),
        state=_state(given.get("STATE", "AL")),
        association=_line("ASSOCIATION", given.get("ASSOCIATION", "First 5 Alabama")),
        mail=_mail(given.get("MAIL_URL"), demo, instance),
        mail_from=_mail_from(given.get("MAIL_FROM"), demo),
        htmx_source=_htmx_source(given.get("HTMX_SOURCE", "cdn")),
        proxies=_number(given, "PROXIES", 0, 0, 5),
        workers=_number(given, "WORKERS", 2, 1, 64),
        threads=_number(given, "THREADS", 8, 1, 64),
        browse_refresh_seconds=_number(given, "BROWSE_REFRESH_SECONDS", 10, 0, 3600),
        bounce_secret=_bounce_secret(given.get("BOUNCE_SECRET")),
        # In the demo anybody signs in as anybody, with a password that stands in the terminal.
        second_factor=_second_factor(given.get("SECOND_FACTOR", "offered" if demo else "required")),
        organisation=_organisation(given),
        sign_in_days=_number(given, "SIGN_IN_DAYS", 30, 1, 90),
        idle_days=_number(given, "IDLE_DAYS", 14, 1, 90),
        staff_idle_hours=_number(given, "STAFF_IDLE_HOURS", 12, 1, 24 * 90),
        trusted_hosts=_trusted_hosts(given.get("TRUSTED_HOSTS", "")),
        # In the demo everybody shares a handful of accounts, and nothing is worth protecting.
        searches_a_minute=_number(given, "SEARCHES_A_MINUTE", 0 if demo else 120, 0, 100_000),
        changes_a_minute=_number(given, "CHANGES_A_MINUTE", 0 if demo else 300, 0, 100_000),
        replica_url=_replica_url(given.get("DATABASE_REPLICA_URL"), given.get("DATABASE_URL", "")),
        redis_url=_redis_url(given.get("REDIS_URL")),
        retention=_retention(given.get("RETENTION", "")),
        log_format=_one_of("LOG_FORMAT", given.get("LOG_FORMAT", "plain"), LOG_FORMATS),
        log_level=_one_of("LOG_LEVEL", given.get("LOG_LEVEL", _usual_level(given)), LOG_LEVELS),
        metrics_token=_metrics_token(given.get("METRICS_TOKEN")),
    )


def _truth(name: str, value: str) -> bool:
    truths = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.lower() not in truths:
        raise ConfigError(
            f"{name} is “{value}”, which is neither yes nor no; use 1, true, yes, 0, false or no."
        )
    return truths[value.lower()]


def _number(given: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    value = given.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or not lowest <= int(value) <= highest:
        raise ConfigError(f"{name} is “{value}”; use a whole number from {lowest} to {highest}.")
    return int(value)


def _line(name: str, value: str) -> str:
    if len(value) > 80 or not value.isprintable():
        raise ConfigError(f"{name} must be one line of at most 80 printable characters.")
    return value


def _host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", value):
        raise ConfigError(
            f"HOST is “{value}”; use an address or a name to listen on, such as 127.0.0.1 or 0.0.0.0."
        )
    return value


def _trusted_hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(host.lower() for host in re.split(r"[\s,]+", value) if host)
    if unfit := [host for host in hosts if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host)]:
        raise ConfigError(
            f"TRUSTED_HOSTS names “{unfit[0]}”; use names such as www.example.org, with commas between them."
        )
    return hosts


def _own_address(host: str, port: int) -> str:
    """Where a browser on this machine finds the catalog; "every address" is no place a browser can go to."""
    name = "localhost" if host in ("0.0.0.0", "::") else host  # noqa: S104 - it is compared, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _site_url(value: str) -> str:
    accepted = "use the address that people type, such as https://learning.example.org, without a path"
    url = _split("SITE_URL", value, accepted)
    extra = url.username is not None or url.path.strip("/") or url.query or url.fragment
    if url.scheme not in ("http", "https") or not url.hostname or extra or not value.isprintable():
        raise ConfigError(f"SITE_URL is not an absolute http or https address; {accepted}.")
    return f"{url.scheme}://{url.netloc}"


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of zones such as "America"
        raise ConfigError(
            f"SITE_ZONE is “{value}”, which is no time zone; use an IANA name such as America/Chicago."
        ) from None


def _state(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise ConfigError(f"STATE is “{value}”; use the two letters of a state, such as AL.")
    return value.upper()


def _htmx_source(value: str) -> HtmxSource:
    match value:
        case "cdn" | "local":
            return value
    raise ConfigError(
        f"HTMX_SOURCE is “{value}”; use cdn, or local for the copy that this site fetched itself."
    )


def _second_factor(value: str) -> SecondFactor:
    match value.lower():
        case "required":
            return "required"
        case "offered":
            return "offered"
    raise ConfigError(
        f"SECOND_FACTOR is “{value}”; use required, so that coordinators and administrators must have a second "
        "step at sign-in, or offered."
    )


ORGANISATION = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")


def _organisation(given: Mapping[str, str]) -> Organisation | None:
    """The provider that these four name together; None where none of them is set."""
    missing = [name for name in ORGANISATION if name not in given]
    if len(missing) == len(ORGANISATION):
        return None
    if missing:
        raise ConfigError(
            f"{' and '.join(missing)} must be set, too: sign-in through an organisation needs "
            f"{', '.join(ORGANISATION[:-1])} and {ORGANISATION[-1]} together, or none of them."
        )
    return Organisation(
        _issuer(given["OIDC_ISSUER"]),
        given["OIDC_CLIENT_ID"],
        given["OIDC_CLIENT_SECRET"],
        _line("OIDC_NAME", given["OIDC_NAME"]),
        _truth("OIDC_SECOND_FACTOR", given.get("OIDC_SECOND_FACTOR", "0")),
    )


def _issuer(value: str) -> str:
    """As the provider writes it: what it signs names its issuer letter by letter, also with a path."""
    accepted = "use the https address that the provider calls its issuer, such as https://id.example.org"
    url = _split("OIDC_ISSUER", value, accepted)
    is_safe = url.scheme == "https" or (url.scheme == "http" and _is_this_machine(url.hostname or ""))
    extra = url.username is not None or url.query or url.fragment
    if not is_safe or not url.hostname or extra or not value.isprintable():
        raise ConfigError(f"OIDC_ISSUER is not an address that sign-ins can be trusted to; {accepted}.")
    return value


def _secret_key(value: str | None, demo: bool) -> str:
    how = f"use at least {SHORTEST_KEY} random characters that nobody else knows"
    if value is None and not demo:
        raise ConfigError(f"SECRET_KEY is not set; {how}, or set DEMO=1 to look around with sample data.")
    if value == DEVELOPMENT_KEY and not demo:
        raise ConfigError(
            f"SECRET_KEY is the development key, which everybody can read in the source; {how}."
        )
    if value is not None and len(value) < SHORTEST_KEY:
        raise ConfigError(f"SECRET_KEY is too short to be safe; {how}.")
    return value or DEVELOPMENT_KEY


def _bounce_secret(value: str | None) -> str | None:
    if value is not None and (len(value) < SHORTEST_KEY or not value.isascii()):
        raise ConfigError(
            f"BOUNCE_SECRET is too short to be safe; use at least {SHORTEST_KEY} random letters and digits."
        )
    return value


def _retention(value: str) -> Mapping[str, int]:
    try:
        return retention.read(value)
    except retention.Unknown as error:
        raise ConfigError(f"RETENTION cannot be used: {error}.") from None


def _one_of(name: str, value: str, accepted: Mapping[str, Word]) -> Word:
    if value.lower() not in accepted:
        raise ConfigError(f"{name} is “{value}”; use {' or '.join(accepted)}.")
    return accepted[value.lower()]


def _usual_level(given: Mapping[str, str]) -> str:
    """A line for every request is of use to machines; whoever reads the terminal wants what went wrong."""
    return "info" if given.get("LOG_FORMAT", "").lower() == "json" else "warning"


def _metrics_token(value: str | None) -> str | None:
    if value is not None and (len(value) < SHORTEST_KEY or not value.isascii()):
        raise ConfigError(
            f"METRICS_TOKEN is too short to be safe; use at least {SHORTEST_KEY} random letters and digits."
        )
    return value


def _database_url(value: str | None, instance: Path) -> str:
    accepted = "use postgresql+psycopg://user:password@host/database or sqlite:///file.db"
    if value is None:
        return URL.create("sqlite", database=str(instance / "catalog.db")).render_as_string()
    try:
        url = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value))
    except (ArgumentError, ValueError):
        raise ConfigError(f"DATABASE_URL cannot be read; {accepted}.") from None
    match url.drivername:
        case "sqlite":
            return _sqlite_url(url, instance)
        case "postgresql+psycopg" if url.database:
            return url.render_as_string(hide_password=False)
        case "postgresql+psycopg":
            raise ConfigError(f"DATABASE_URL names no database; {accepted}.")
    raise ConfigError(f"DATABASE_URL asks for “{url.drivername}”, which is not supported; {accepted}.")


def _sqlite_url(url: URL, instance: Path) -> str:
    if not url.database or ":memory:" in url.database or url.database.startswith("file:"):
        raise ConfigError(
            "DATABASE_URL must name a file for SQLite, such as sqlite:///catalog.db, "
            "because several processes have to see the same data."
        )
    file = instance / url.database
    if file.parent != instance and not file.parent.is_dir():
        raise ConfigError(
            f"DATABASE_URL names a file in {file.parent}, which is not a folder; make that folder first."
        )
    return url.set(database=str(file)).render_as_string(hide_password=False)


def _replica_url(value: str | None, primary: str) -> str | None:
    """Raises ConfigError where it is no PostgreSQL, or stands beside a database that has no replicas."""
    accepted = "use postgresql+psycopg://user:password@host/database"
    if value is None:
        return None
    if not primary.startswith("postgres"):
        raise ConfigError(
            "DATABASE_REPLICA_URL is set, but DATABASE_URL names no PostgreSQL, which alone has one."
        )
    try:
        url = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value))
    except (ArgumentError, ValueError):
        raise ConfigError(f"DATABASE_REPLICA_URL cannot be read; {accepted}.") from None
    if url.drivername != "postgresql+psycopg" or not url.database:
        raise ConfigError(f"DATABASE_REPLICA_URL names no PostgreSQL database; {accepted}.")
    return url.render_as_string(hide_password=False)


def _redis_url(value: str | None) -> str | None:
    accepted = "use redis://:password@host:6379/0, rediss:// for an encrypted connection, or unix:///path"
    if value is None:
        return None
    url = _split("REDIS_URL", value, accepted)
    if url.scheme not in ("redis", "rediss", "unix") or not (url.hostname or url.path.strip("/")):
        raise ConfigError(f"REDIS_URL is not an address of a Redis; {accepted}.")
    return value


def _mail(value: str | None, demo: bool, instance: Path) -> MailFolder | MailServer:
    accepted = (
        "use smtp+starttls://user:password@host:587, smtps://user:password@host:465, "
        "smtp://host:25 for a server that asks for no password, or file:folder"
    )
    if value is None and not demo:
        raise ConfigError(f"MAIL_URL is not set, so nobody could be told anything; {accepted}.")
    url = _split("MAIL_URL", value or "file:mail", accepted)
    securities: dict[str, tuple[MailSecurity, int]] = {
        "smtp": ("plain", 25),
        "smtp+starttls": ("starttls", 587),
        "smtps": ("tls", 465),
    }
    if url.scheme == "file" and not url.netloc and url.path.strip("/"):
        return MailFolder(instance / unquote(url.path))
    if url.scheme not in securities or not url.hostname or url.path.strip("/") or url.query or url.fragment:
        raise ConfigError(f"MAIL_URL is not an address that mail can be sent to; {accepted}.")
    security, usual_port = securities[url.scheme]
    if security == "plain" and url.password is not None and not _is_this_machine(url.hostname):
        raise ConfigError(f"MAIL_URL would send the mail server's password unencrypted; {accepted}.")
    return MailServer(
        url.hostname, url.port or usual_port, security, _decoded(url.username), _decoded(url.password)
    )


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _mail_from(value: str | None, demo: bool) -> str:
    accepted = "use an address such as learning@example.org, or Early Years Learning <learning@example.org>"
    if value is None and not demo:
        raise ConfigError(f"MAIL_FROM is not set, so nobody could answer; {accepted}.")
    text = value or "learning@example.org"
    try:
        validate_email(parseaddr(text)[1], check_deliverability=False)
    except EmailNotValidError:
        raise ConfigError(f"MAIL_FROM is “{text}”, which is not a mail address; {accepted}.") from None
    return _line("MAIL_FROM", text)


def _split(name: str, value: str, accepted: str) -> SplitResult:
    """`value` as the parts of a URL. A port that is no number raises here, not where it is first used."""
    try:
        url = urlsplit(value)
        _ = url.port
    except ValueError:
        raise ConfigError(f"{name} cannot be read as a URL; {accepted}.") from None
    return url


def _decoded(value: str | None) -> str | None:
    return None if value is None else unquote(value)
