"""What somebody with bad intent types into addresses and forms, and how pages are looked through for it."""

import os
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

CATALOG = Path(__file__).parent.parent.parent / "catalog"
EVERYTHING = os.environ.get("HOSTILE") == "all"
"""Every value everywhere, for a run at night; otherwise a few for each field, drawn with the same seed each time."""

MARK = '"><img src=x onerror=alert(1)>'
RAW = ("<img src=x", "onerror=alert(1)>", "47514", "<svg/onload")
"""What stands in a page only where something was not escaped, or was taken for a template."""
TYPED = (
    MARK,
    "'><svg/onload=alert(2)>",
    "{{6*7919}}",
    "${6*7919}",
    "javascript:alert(1)",
    "' OR 1=1 --",
    "'; DROP TABLE person; --",
    "%",
    "\\",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "-1",
    "0",
    "1" * 23,
    "-" + "9" * 23,
    "9223372036854775808",
    "2147483648",
    "0.0000000001",
    "1_0",
    "٣",
    "²",
    "Ⅷ",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "10000-01-01",
    "2026-13-01T25:61",
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "24:00",
    "01999",
    "00000",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "//example.com/",
    "/\texample.com",
    "https://example.com",
    "America/../../etc",
    "Etc/GMT+99",
    "a@b@c",
    "\r\nSet-Cookie: a=b",
    "a\r\nBcc: somebody@example.com",
    "\u202eabc\u202c",
    "\ufeff",
    "\u200b",
    "\u0301" * 50,
    "𝕏😀",
    "\ud800",
    "\x00",
    "\x01\x1b[31m",
    "\uffff\ufffe",
    " ",
    "",
    "true",
    "null",
    "[]",
    "{}",
    "x" * 20_000,
    "ß" * 2_000,
    "=HYPERLINK(1)",
    "on",
    "first",
)
BROKEN_BYTES = ("%ff%fe", "%ed%a0%80", "%00", "%c0%ae", "%", "%zz", "%f5%80%80%80")
"""As they stand in an address: no UTF-8, halves of characters, a NUL, too long a dot, nothing at all."""


def drawn(name: str, values: Iterable[str], some: int) -> list[str]:
    """A few of the values, others for each name; where there are several, the first is the mark that shows what is
    not escaped."""
    all_of_them = list(values)
    if EVERYTHING:
        return all_of_them
    if some == 1:
        return [random.Random(name).choice(all_of_them)]
    return [all_of_them[0], *random.Random(name).sample(all_of_them[1:], some - 1)]


def spelled(text: str) -> str:
    """As a browser spells it in an address; half a character comes as the bytes that nobody can read."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@cache
def names_read() -> tuple[str, ...]:
    """Every name that some view reads from an address, and that of every field of a form."""
    text = "\n".join(path.read_text() for path in sorted(CATALOG.rglob("*.py")))
    read = re.findall(r'(?:args|form|values)\.get(?:list)?\(\s*"(\w+)"', text)
    fields = re.findall(r"^    (\w+) = \w*Field\(", text, re.MULTILINE)
    named = re.findall(r'Field\([^)]*\bname="([\w-]+)"', text)
    return tuple(sorted({*read, *fields, *named} - {"csrf_token"}))


@dataclass
class Form:
    """A form as it stands on a page: where it goes, and what it sends when nothing is typed."""

    action: str
    method: str
    given: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return sorted({name for name, _ in self.given})


class Forms(HTMLParser):
    """The forms of a page, and the names in its links' query strings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.asked: set[str] = set()
        self.select = ""
        self.area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        for address in (given.get("href", ""), given.get("action", "")):
            if address.startswith(("/", "?")):
                self.asked |= set(re.findall(r"[?&]([\w-]+)=", address))
        if tag == "form":
            self.found.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif not self.found:
            return
        elif tag == "select":
            self.select = name
            self._add(name, "")
        elif tag == "option" and self.select and "selected" in given:
            self._add(self.select, value)
        elif tag == "textarea":
            self.area = name
            self._add(name, "")
        elif tag == "input" and given.get("type") == "file":
            self.found[-1].files.append(name)
        elif tag in ("input", "button") and name:
            self._add(name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area and self.found:
            self._add(self.area, data)

    def _add(self, name: str, value: str) -> None:
        if name and name != "csrf_token":
            fields = self.found[-1].given
            fields[:] = [pair for pair in fields if pair[0] != name or pair[1] not in ("", value)]
            fields.append((name, value))


def not_escaped(text: str) -> Iterator[str]:
    """Marks that stand in a page as they were typed."""
    yield from (mark for mark in RAW if mark in text)
