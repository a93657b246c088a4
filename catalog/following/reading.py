"""The address that a saved search is kept as, read back into filters, and what it is called in words."""

from dataclasses import replace
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from catalog.browse import forms
from catalog.browse.choices import chips
from catalog.browse.filters import Filters, Show, usual_sort
from catalog.browse.queries import drawing
from catalog.browse.vocabulary import Vocabulary
from catalog.extensions import db

LONGEST_QUERY = 1000
LONGEST_LABEL = 160
EVERYTHING = "Everything new"


def vocabulary() -> Vocabulary:
    return drawing.vocabulary(db.session.connection())


def read(query: str, words: Vocabulary) -> Filters:
    """What the address asks of sessions. `problems` says what of it is not known any more.

    A language is taken as it stands: there may be no session in it yet, which is why somebody waits for one."""
    args = MultiDict(parse_qsl(query.removeprefix("?")))
    filters = forms.read(args, replace(words, languages=tuple(args.getlist("language"))))
    if filters.show == Show.COURSES:
        filters = filters.shown_as(Show.OFFERINGS)
    return replace(filters, sort=usual_sort(Show.OFFERINGS), page=1)


def label(filters: Filters, words: Vocabulary) -> str:
    """The filters in words: "Reflection, In person, Pike County"."""
    said = replace(words, languages=filters.get("language"))
    text = ", ".join(chip.text for chip in chips(filters, said)) or EVERYTHING
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
