"""What is known of this installation, as one object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from catalog import retention

OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]")

HtmxSource = Literal["cdn", "local"]
MailSecurity = Literal["plain", "starttls", "tls"]
SecondFactor = Literal["required", "offered"]
LogFormat = Literal["plain", "json"]
LogLevel = Literal["info", "warning", "error"]


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
        # Said aloud, or nothing could be asked of a database in another encoding, not even which one that is.
        words = {"client_encoding": "utf8"}
        return {
            "hide_parameters": True,
            "pool_size": self.threads,
            "max_overflow": 2,
            "pool_timeout": 10,
            "connect_args": gone | words,
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
