"""Many people in few bytes: their numbers in order, four bytes each; 720,000 of them are a set in a moment."""

import sys
from array import array
from collections.abc import Iterable, Sequence

FOUR_BYTES = "I"


def pack(numbers: Iterable[int]) -> bytes:
    """Each once."""
    packed = array(FOUR_BYTES, sorted(set(numbers)))
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def unpack(packed: bytes) -> Sequence[int]:
    """Also what several packs hold, put one behind the other; somebody may then be there twice."""
    numbers = array(FOUR_BYTES, packed)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
