"""Certificate numbers: long enough that nobody guesses one, short enough to be typed from paper."""

import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's thirty-two: no I, L, O or U, which look like something else or make words."""
LENGTH, GROUP = 12, 4
MISTAKEN = str.maketrans("OIL", "011", " -–—._\t\u00a0")


def new() -> str:
    """Sixty bits of chance, such as "7K3M-9QXD-2VAB". It says nothing about the person."""
    return _grouped("".join(secrets.choice(LETTERS) for _ in range(LENGTH)))


def normal(typed: str) -> str | None:
    """The number as it is kept, however it was typed; None for what cannot be one."""
    letters = typed.strip().upper().translate(MISTAKEN)
    if len(letters) != LENGTH or not set(letters) <= set(LETTERS):
        return None
    return _grouped(letters)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))
