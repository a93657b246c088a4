"""Which passwords are refused: those that are short, those that everybody tries first, and those that say whose they
are. Length is what counts; nobody is asked for a digit or a sign.

The list is small and our own: well-known passwords of this length, as one finds them at the top of every published
count. What it looks like once digits, signs and repetitions are taken away is refused as well."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flask import current_app

from catalog.accounts.passwords import same_everywhere
from catalog.config import Settings

SHORTEST = 12
LONGEST = 200
LEAST_LEFT = 4
"""How many characters must be left besides what everybody could guess."""
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1234567890",
    "0987654321",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "zaqxswcdevfrbgtnhymju",
)
LOOKS_LIKE = {"a": "a4@", "e": "e3", "i": "i1!", "o": "o0", "s": "s5$", "t": "t7"}
AS_LETTERS = str.maketrans({sign: letter for letter, signs in LOOKS_LIKE.items() for sign in signs})
COMMON = (
    "This is one of the passwords that are tried first. Choose a few words that nobody would put together."
)
PLAIN = "This is easy to guess: it repeats itself or follows the keys. Choose a few words instead."
NAMED = "This says too much of whose password it is. Leave out names, the address and the name of this site."


def why_not(password: str, about: Iterable[str]) -> str | None:
    """Why this password is refused, or None. `about` is what is known of whose it is: name and address."""
    password = same_everywhere(password)
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; a few plain words are good."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    text = password.casefold()
    bare = _bare(text)
    if bare in _common() or _bare(text.translate(AS_LETTERS)) in _common():
        return COMMON
    if len(set(bare)) < LEAST_LEFT or _repeats(bare) or _follows_keys(bare):
        return PLAIN
    if _is_little_more_than(_names(about), text):
        return NAMED
    return COMMON if _is_little_more_than(_usual_words(), text) else None


def _bare(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return "".join(filter(str.isalnum, text.casefold()))


def _repeats(text: str) -> bool:
    """Whether a short piece is said again and again."""
    return any(
        (text[:size] * len(text))[: len(text)] == text for size in range(1, min(6, len(text) // 2) + 1)
    )


def _follows_keys(text: str) -> bool:
    """Whether it is little more than pieces of the alphabet, of the digits or of rows of keys."""
    left = text
    for row in ROWS:
        for line in (row + row[:6], (row + row[:6])[::-1]):
            for size in range(min(len(line), len(left)), 3, -1):
                for start in range(len(line) - size + 1):
                    left = left.replace(line[start : start + size], "")
    return len(left) < LEAST_LEFT


def _is_little_more_than(words: Iterable[str], text: str) -> bool:
    """Whether hardly a letter is left once these words are taken out, also where a 0 stands for an o."""
    left = re.sub(r"[^\w@!$]|_", "", text)
    for word in sorted({word for word in words if len(word) >= 3}, key=len, reverse=True):
        left = re.sub("".join(f"[{LOOKS_LIKE.get(letter, letter)}]" for letter in word), " ", left)
    return " " in left and sum(map(str.isalpha, left)) < LEAST_LEFT


def _names(about: Iterable[str]) -> set[str]:
    """The names and addresses as a whole and in their parts."""
    settings: Settings = current_app.config["CATALOG"]
    said = (settings.site_name, settings.association, settings.site_url, *about)
    return {_bare(word) for text in said for word in (text, *re.split(r"[\W_]+", text))}


@cache
def _lines(name: str) -> frozenset[str]:
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return frozenset(_bare(line) for line in lines if line and not line.startswith("#"))


def _common() -> frozenset[str]:
    return _lines("common_passwords.txt")


def _usual_words() -> frozenset[str]:
    return _lines("usual_words.txt")
