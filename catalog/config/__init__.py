"""The environment, read once. Whatever else wants to know how this installation is set up asks `Settings`.

An empty variable counts as unset. A value that cannot be read, or that would not be safe, stops the start
with one sentence that names the variable; the sentence never repeats a secret.
"""

from collections.abc import Mapping
from pathlib import Path

from catalog.config import addresses, values
from catalog.config.settings import MailFolder, MailServer, Organisation, Settings
from catalog.config.values import DEVELOPMENT_KEY, ConfigError

__all__ = ["DEVELOPMENT_KEY", "ConfigError", "MailFolder", "MailServer", "Organisation", "Settings", "read"]


def read(environ: Mapping[str, str], instance: Path) -> Settings:
    """The settings that `environ` asks for; `instance` is the folder for what belongs to this installation.

    Raises ConfigError for the first variable that cannot be used.
    """
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    demo = values.truth("DEMO", given.get("DEMO", "0"))
    host = values.host(given.get("HOST", "127.0.0.1"))
    port = values.number(given, "PORT", 8000, 1, 65535)
    return Settings(
        demo=demo,
        host=host,
        port=port,
        database_url=addresses.database_url(given.get("DATABASE_URL"), instance),
        secret_key=values.secret_key(given.get("SECRET_KEY"), demo),
        site_name=values.line("SITE_NAME", given.get("SITE_NAME", "Early Years Learning")),
        site_url=addresses.site_url(given.get("SITE_URL") or addresses.own_address(host, port)),
        site_zone=values.zone(given.get("SITE_ZONE", "America/Chicago")),
        state=values.state(given.get("STATE", "AL")),
        association=values.line("ASSOCIATION", given.get("ASSOCIATION", "First 5 Alabama")),
        mail=addresses.mail(given.get("MAIL_URL"), demo, instance),
        mail_from=addresses.mail_from(given.get("MAIL_FROM"), demo),
        htmx_source=values.htmx_source(given.get("HTMX_SOURCE", "cdn")),
        proxies=values.number(given, "PROXIES", 0, 0, 5),
        workers=values.number(given, "WORKERS", 2, 1, 64),
        threads=values.number(given, "THREADS", 8, 1, 64),
        browse_refresh_seconds=values.number(given, "BROWSE_REFRESH_SECONDS", 10, 0, 3600),
        bounce_secret=values.shared_secret("BOUNCE_SECRET", given.get("BOUNCE_SECRET")),
        # In the demo anybody signs in as anybody, with a password that stands in the terminal.
        second_factor=values.second_factor(given.get("SECOND_FACTOR", "offered" if demo else "required")),
        organisation=addresses.organisation(given),
        sign_in_days=values.number(given, "SIGN_IN_DAYS", 30, 1, 90),
        idle_days=values.number(given, "IDLE_DAYS", 14, 1, 90),
        staff_idle_hours=values.number(given, "STAFF_IDLE_HOURS", 12, 1, 24 * 90),
        trusted_hosts=values.trusted_hosts(given.get("TRUSTED_HOSTS", "")),
        # In the demo everybody shares a handful of accounts, and nothing is worth protecting.
        searches_a_minute=values.number(given, "SEARCHES_A_MINUTE", 0 if demo else 120, 0, 100_000),
        changes_a_minute=values.number(given, "CHANGES_A_MINUTE", 0 if demo else 300, 0, 100_000),
        replica_url=addresses.replica_url(given.get("DATABASE_REPLICA_URL"), given.get("DATABASE_URL", "")),
        redis_url=addresses.redis_url(given.get("REDIS_URL")),
        retention=values.retention(given.get("RETENTION", "")),
        log_format=values.one_of("LOG_FORMAT", given.get("LOG_FORMAT", "plain"), values.LOG_FORMATS),
        log_level=values.one_of("LOG_LEVEL", given.get("LOG_LEVEL", _usual_level(given)), values.LOG_LEVELS),
        metrics_token=values.shared_secret("METRICS_TOKEN", given.get("METRICS_TOKEN")),
    )


def _usual_level(given: Mapping[str, str]) -> str:
    """A line for every request is of use to machines; whoever reads the terminal wants what went wrong."""
    return "info" if given.get("LOG_FORMAT", "").lower() == "json" else "warning"
