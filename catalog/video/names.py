"""Names as people write them, made comparable."""

import re
import unicodedata
from functools import lru_cache

# Letters that have no plain letter inside them for Unicode to find.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
LONGEST = 200
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
INSIDE = re.compile(r"\(([^()]*)\)")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """A cell as it may be stored and shown: no control characters, none that turn the direction of the text, and
    no more of it than a name has. What looks like a formula stays the text it is."""
    return " ".join(UNSEEN.sub(" ", text[: 4 * LONGEST]).split())[:LONGEST]


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Without case, accents, punctuation and doubled spaces: "  José  Marin-Miller" is "jose marin miller"."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(PLAIN))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]|_", " ", plain.replace("'", "").replace("’", "")).split())


@lru_cache(maxsize=4096)
def forms(name: str) -> frozenset[str]:
    """Every way in which this name may be meant: as it stands, without what is in parentheses, what is in them
    (where Zoom keeps the original name), and each of these with "Last, First" turned round."""
    parts = [name, INSIDE.sub(" ", name), *INSIDE.findall(name)]
    turned = [f"{first} {last}" for last, comma, first in (part.partition(",") for part in parts) if comma]
    return frozenset(folded for part in (*parts, *turned) if (folded := fold(part)))
