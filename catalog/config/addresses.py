"""Variables that are addresses: of the site, the databases, the mail server and the organisation's sign-in."""

import re
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from catalog.config.settings import MailFolder, MailSecurity, MailServer, Organisation
from catalog.config.values import ConfigError, line, truth

ORGANISATION = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")


def own_address(host: str, port: int) -> str:
    """Where a browser on this machine finds the catalog; "every address" is no place a browser can go to."""
    name = "localhost" if host in ("0.0.0.0", "::") else host  # noqa: S104 - it is compared, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def site_url(value: str) -> str:
    accepted = "use the address that people type, such as https://learning.example.org, without a path"
    url = _split("SITE_URL", value, accepted)
    extra = url.username is not None or url.path.strip("/") or url.query or url.fragment
    if url.scheme not in ("http", "https") or not url.hostname or extra or not value.isprintable():
        raise ConfigError(f"SITE_URL is not an absolute http or https address; {accepted}.")
    return f"{url.scheme}://{url.netloc}"


def database_url(value: str | None, instance: Path) -> str:
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


def replica_url(value: str | None, primary: str) -> str | None:
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


def redis_url(value: str | None) -> str | None:
    accepted = "use redis://:password@host:6379/0, rediss:// for an encrypted connection, or unix:///path"
    if value is None:
        return None
    url = _split("REDIS_URL", value, accepted)
    if url.scheme not in ("redis", "rediss", "unix") or not (url.hostname or url.path.strip("/")):
        raise ConfigError(f"REDIS_URL is not an address of a Redis; {accepted}.")
    return value


def mail(value: str | None, demo: bool, instance: Path) -> MailFolder | MailServer:
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


def mail_from(value: str | None, demo: bool) -> str:
    accepted = "use an address such as learning@example.org, or Early Years Learning <learning@example.org>"
    if value is None and not demo:
        raise ConfigError(f"MAIL_FROM is not set, so nobody could answer; {accepted}.")
    text = value or "learning@example.org"
    try:
        validate_email(parseaddr(text)[1], check_deliverability=False)
    except EmailNotValidError:
        raise ConfigError(f"MAIL_FROM is “{text}”, which is not a mail address; {accepted}.") from None
    return line("MAIL_FROM", text)


def organisation(given: Mapping[str, str]) -> Organisation | None:
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
        line("OIDC_NAME", given["OIDC_NAME"]),
        truth("OIDC_SECOND_FACTOR", given.get("OIDC_SECOND_FACTOR", "0")),
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


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


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
