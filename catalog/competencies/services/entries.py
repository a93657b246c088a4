"""A JSON file read entry by entry: each field is asked for by name and kind, each problem is written down."""

import contextlib
import json
import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from catalog.errors import DataRefused

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_NUMBER = 1_000_000
LONGEST_TEXT = 4000

Choice = TypeVar("Choice", bound=StrEnum)


def file_content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataRefused(str(path), [f"The file cannot be read: {error.strerror}."]) from None


def read_json(source: str, content: bytes) -> dict[str, Any]:
    """The object that the content is; raises DataRefused, naming the source, when it is no UTF-8 JSON object."""

    def refused(reason: str) -> DataRefused:
        return DataRefused(source, [reason])

    if len(content) > LARGEST_FILE:
        raise refused("The file is larger than 2 MB.")
    try:
        found = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_once_each, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise refused(f"The file is not UTF-8 text (byte {error.start}).") from None
    except json.JSONDecodeError as error:
        raise refused(
            f"The file is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from None
    except (ValueError, RecursionError) as error:
        raise refused(f"The file is not JSON that can be used: {error}.") from None
    if not isinstance(found, dict):
        raise refused("The file must hold one JSON object.")
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # The JSON reader would keep the last and drop the others without a word.
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key “{key}” stands twice in one object")
        found[key] = value
    return found


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a value of JSON")


class Problems(list[str]):
    """One line a problem: the place, then the reason."""

    def add(self, place: str, reason: str) -> None:
        self.append(f"{place}: {reason}")


class Entry:
    """One object of the file. What nobody asked for is in `rest()`, so that it can be kept."""

    def __init__(self, place: str, raw: dict[str, Any], problems: Problems) -> None:
        self.place = place
        self.raw = raw
        self.problems = problems
        self._asked: set[str] = set()

    def refuse(self, reason: str) -> None:
        self.problems.add(self.place, reason)

    def rest(self) -> dict[str, Any]:
        return {key: value for key, value in self.raw.items() if key not in self._asked}

    def _value(self, key: str, needed: bool) -> Any:
        self._asked.add(key)
        value = self.raw.get(key)
        if value is None and needed:
            self.refuse(f"{key} is missing.")
        return value

    def text(self, key: str, most: int = LONGEST_TEXT) -> str:
        """A text that must be there. Where it is not, the problem is noted and the text is empty."""
        value = self._value(key, needed=True)
        if value is None:
            return ""
        if isinstance(value, str) and not value.strip():
            self.refuse(f"{key} is empty.")
            return ""
        return self._checked_text(key, value, most) or ""

    def maybe_text(self, key: str, most: int = LONGEST_TEXT) -> str | None:
        value = self._value(key, needed=False)
        return None if value is None else self._checked_text(key, value, most)

    def _checked_text(self, key: str, value: Any, most: int) -> str | None:
        if not isinstance(value, str):
            self.refuse(f"{key} is {_shown(value)}, which is not a text.")
            return None
        if len(value) > most:
            self.refuse(f"{key} is longer than {most} characters.")
        return value.strip() or None

    def whole(self, key: str, least: int = 0, most: int = LARGEST_NUMBER) -> int:
        value = self._value(key, needed=True)
        return 0 if value is None else self._checked_whole(key, value, least, most)

    def maybe_whole(self, key: str, least: int = 0, most: int = LARGEST_NUMBER) -> int | None:
        value = self._value(key, needed=False)
        return None if value is None else self._checked_whole(key, value, least, most)

    def _checked_whole(self, key: str, value: Any, least: int, most: int) -> int:
        # True is an int to Python and a mistake to everybody else.
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(f"{key} is {_shown(value)}, which is not a whole number.")
        elif not least <= value <= most:
            self.refuse(f"{key} is {value}; it must be from {least} to {most}.")
        else:
            return value
        return least

    def truth(self, key: str, default: bool) -> bool:
        value = self._value(key, needed=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.refuse(f"{key} is {_shown(value)}, which is neither true nor false.")
            return default
        return value

    def day(self, key: str) -> date:
        text = self.text(key)
        return (self._checked_day(key, text) if text else None) or date.min

    def maybe_day(self, key: str) -> date | None:
        text = self.maybe_text(key)
        return self._checked_day(key, text) if text else None

    def _checked_day(self, key: str, text: str) -> date | None:
        # fromisoformat alone would also take 20240131 and 2024-W05-3.
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            with contextlib.suppress(ValueError):
                return date.fromisoformat(text)
        self.refuse(f"{key} is “{text}”, which is not a date such as 2024-01-31.")
        return None

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        return self._checked_choice(key, self.text(key), choices) or next(iter(choices))

    def maybe_choice(self, key: str, choices: type[Choice]) -> Choice | None:
        text = self.maybe_text(key)
        return self._checked_choice(key, text, choices) if text else None

    def _checked_choice(self, key: str, text: str, choices: type[Choice]) -> Choice | None:
        known = [choice.value for choice in choices]
        if text in known:
            return choices(text)
        if text:
            self.refuse(f"{key} is “{text}”; it must be one of: {', '.join(known)}.")
        return None

    def reference(self, key: str, known: Callable[[str], bool], needed: bool = True) -> str | None:
        """The code of another entry of this file."""
        code = self.text(key) if needed else self.maybe_text(key)
        if code and not known(code):
            self.refuse(f"{key} is “{code}”, which this file does not define.")
        return code

    def mapping(self, key: str) -> dict[str, Any]:
        value = self._value(key, needed=False)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.refuse(f"{key} is {_shown(value)}, which is not an object.")
            return {}
        return value

    def inside(self, key: str) -> "Entry":
        """The object under this key, to be asked in its turn; without one it has nothing."""
        return Entry(f"{self.place}.{key}", self.mapping(key), self.problems)

    def listed(self, key: str) -> list["Entry"]:
        """The objects of the list under this key, which must hold at least one."""
        value = self._value(key, needed=True)
        if value is None:
            return []
        if not isinstance(value, list) or not value:
            self.refuse(f"{key} is {_shown(value)}; it must be a list of objects.")
            return []
        found = []
        for index, one in enumerate(value):
            place = f"{self.place}.{key}[{index}]"
            if isinstance(one, dict):
                found.append(Entry(place, one, self.problems))
            else:
                self.problems.add(place, f"{_shown(one)} is not an object.")
        return found


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"


def entries(raw: dict[str, Any], section: str, name: str, problems: Problems) -> list[Entry]:
    """The objects of a list of the file. Their place is said as `topics[12] TF.x`, counted from 0."""
    found = raw.get(section)
    if not isinstance(found, list):
        problems.add(section, "the list is missing." if found is None else "this is not a list.")
        return []
    listed: list[Entry] = []
    for index, value in enumerate(found):
        place = f"{section}[{index}]"
        if not isinstance(value, dict):
            problems.add(place, f"{_shown(value)} is not an object.")
            continue
        code = value.get(name)
        listed.append(Entry(f"{place} {code}" if isinstance(code, str) and code else place, value, problems))
    return listed


def unstorable(value: Any, place: str, problems: Problems) -> None:
    """Write down every text in which a character stands that no database keeps."""
    if isinstance(value, dict):
        for key, inner in value.items():
            unstorable(key, place, problems)
            unstorable(inner, f"{place}.{key}" if place else key, problems)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            unstorable(inner, f"{place}[{index}]", problems)
    elif isinstance(value, str) and ("\x00" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        problems.add(place or "the file", "the text holds a character that cannot be stored.")
