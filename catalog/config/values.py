"""Variables that are a word, a number or a line: each is read by one function, which says what it accepts."""

import re
from collections.abc import Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

import click

from catalog import retention as periods
from catalog.config.settings import HtmxSource, LogFormat, LogLevel, SecondFactor

DEVELOPMENT_KEY = "known-to-everybody-and-good-for-the-demo-only"
SHORTEST_KEY = 32
LOG_FORMATS: dict[str, LogFormat] = {"plain": "plain", "json": "json"}
LOG_LEVELS: dict[str, LogLevel] = {"info": "info", "warning": "warning", "error": "error"}
Word = TypeVar("Word", bound=str)


class ConfigError(click.ClickException):
    """One sentence about one variable. The command line prints it and stops with status 2, no traceback."""

    exit_code = 2

    def __init__(self, sentence: str) -> None:
        # A value that holds line ends is repeated without them: the sentence stays one line of a log.
        super().__init__(" ".join(sentence.split()))


def truth(name: str, value: str) -> bool:
    truths = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.lower() not in truths:
        raise ConfigError(
            f"{name} is “{value}”, which is neither yes nor no; use 1, true, yes, 0, false or no."
        )
    return truths[value.lower()]


def number(given: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    value = given.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or not lowest <= int(value) <= highest:
        raise ConfigError(f"{name} is “{value}”; use a whole number from {lowest} to {highest}.")
    return int(value)


def line(name: str, value: str) -> str:
    if len(value) > 80 or not value.isprintable():
        raise ConfigError(f"{name} must be one line of at most 80 printable characters.")
    return value


def host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", value):
        raise ConfigError(
            f"HOST is “{value}”; use an address or a name to listen on, such as 127.0.0.1 or 0.0.0.0."
        )
    return value


def trusted_hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(host.lower() for host in re.split(r"[\s,]+", value) if host)
    if unfit := [host for host in hosts if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host)]:
        raise ConfigError(
            f"TRUSTED_HOSTS names “{unfit[0]}”; use names such as www.example.org, with commas between them."
        )
    return hosts


def zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of zones such as "America"
        raise ConfigError(
            f"SITE_ZONE is “{value}”, which is no time zone; use an IANA name such as America/Chicago."
        ) from None


def state(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        raise ConfigError(f"STATE is “{value}”; use the two letters of a state, such as AL.")
    return value.upper()


def second_factor(value: str) -> SecondFactor:
    match value.lower():
        case "required":
            return "required"
        case "offered":
            return "offered"
    raise ConfigError(
        f"SECOND_FACTOR is “{value}”; use required, so that coordinators and administrators must have a second "
        "step at sign-in, or offered."
    )


def htmx_source(value: str) -> HtmxSource:
    match value:
        case "cdn" | "local":
            return value
    raise ConfigError(
        f"HTMX_SOURCE is “{value}”; use cdn, or local for the copy that this site fetched itself."
    )


def secret_key(value: str | None, demo: bool) -> str:
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


def retention(value: str) -> Mapping[str, int]:
    try:
        return periods.read(value)
    except periods.Unknown as error:
        raise ConfigError(f"RETENTION cannot be used: {error}.") from None


def one_of(name: str, value: str, accepted: Mapping[str, Word]) -> Word:
    if value.lower() not in accepted:
        raise ConfigError(f"{name} is “{value}”; use {' or '.join(accepted)}.")
    return accepted[value.lower()]


def shared_secret(name: str, value: str | None) -> str | None:
    """What another program shows to be let in; None where nobody may."""
    if value is not None and (len(value) < SHORTEST_KEY or not value.isascii()):
        raise ConfigError(
            f"{name} is too short to be safe; use at least {SHORTEST_KEY} random letters and digits."
        )
    return value
