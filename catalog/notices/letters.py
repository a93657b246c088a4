"""The kinds of letters there are, with the words each comes with.

Every feature defines its own, once, when the application starts: `TAKEN = letter("seat.taken", …)`. A coordinator may
choose other words for one (notices.models.LetterTemplate); a person may not want one (notices.models.Muted)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
BRACED = re.compile(r"\{([^{}\n]*)\}")
"""Whatever stands in braces: what somebody meant as a placeholder and may have spelled wrong."""


class About(StrEnum):
    """What a letter is about; it decides whether one can do without it.

    account: how one gets into one's account, always sent, and to exactly the address it is about. booking: one's own
    seat, hours and account, always sent. The others may be switched off: reminder, news, and desk, which is work that
    waits for a trainer or a coordinator."""

    ACCOUNT = "account"
    BOOKING = "booking"
    REMINDER = "reminder"
    NEWS = "news"
    DESK = "desk"


Holds = Callable[[Mapping[str, Any]], bool]
"""Whether what a letter says is still so when it is sent, given the `about` that it was asked for with."""


@dataclass(frozen=True)
class Letter:
    """`subject` and `body` are plain text with {placeholders}. `sample` has an example for each of them, and its keys
    are the placeholders that there are; {name} is always the name of whom it is for."""

    kind: str
    label: str
    about: About
    subject: str
    body: str
    sample: Mapping[str, str]
    holds: Holds | None = None

    @property
    def can_be_muted(self) -> bool:
        return self.about not in (About.ACCOUNT, About.BOOKING)

    @property
    def needed(self) -> list[str]:
        """The placeholders without which the letter leads nowhere: the link, where it comes with one."""
        return [name for name in dict.fromkeys(PLACEHOLDER.findall(self.body)) if name.endswith("link")]


_letters: dict[str, Letter] = {}


def letter(
    kind: str,
    label: str,
    about: About,
    *,
    subject: str,
    body: str,
    sample: Mapping[str, str] | None = None,
    holds: Holds | None = None,
) -> Letter:
    """Define a kind of letter. Raises ValueError for one that is there already or whose words cannot be filled in."""
    made = Letter(kind, label, about, subject, body, {"name": "Ana Sample", **(sample or {})}, holds)
    if kind in _letters:
        raise ValueError(f"there is a letter {kind} already")
    if lacking := unknown(subject + body, made):
        raise ValueError(f"letter {kind} has no example of {', '.join(lacking)}")
    _letters[kind] = made
    return made


def all_letters() -> list[Letter]:
    return sorted(_letters.values(), key=lambda one: (list(About).index(one.about), one.label))


def find(kind: str) -> Letter | None:
    return _letters.get(kind)


def unknown(words: str, of: Letter) -> list[str]:
    """What stands in braces in these words and the letter cannot fill, each once."""
    return [name for name in dict.fromkeys(BRACED.findall(words)) if name not in of.sample]


def missing(words: str, of: Letter) -> list[str]:
    """The placeholders that the letter cannot do without and these words lack."""
    return [name for name in of.needed if name not in PLACEHOLDER.findall(words)]


def fill(words: str, values: Mapping[str, str]) -> str:
    """The words with their placeholders filled; nothing else in them means anything."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), words)


def fill_body(words: str, values: Mapping[str, str]) -> str:
    """The same for a whole letter: a line of placeholders that stay empty leaves no gap."""
    lines = []
    for line in words.splitlines():
        filled = fill(line, values).strip() if PLACEHOLDER.search(line) else line
        if filled or not PLACEHOLDER.search(line):
            lines.append(filled)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
