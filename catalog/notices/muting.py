"""Links with which somebody ends letters of one kind without signing in. Each says whom and which kind, and is signed
for this alone; it stays good as long as the mail that holds it."""

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from catalog.accounts.models import Person
from catalog.notices.letters import Letter, find
from catalog.notices.queries.addresses import whose

SALT = "end letters of one kind"
PATH = "/mail/unwanted/"


class Ended(NamedTuple):
    person: Person
    letter: Letter


def link_for(person_id: int, kind: str) -> str:
    return f"{current_app.config['CATALOG'].site_url}{PATH}{signed(person_id, kind)}"


def signed(person_id: int, kind: str) -> str:
    return str(_signer().dumps([person_id, kind]))


def of(token: str) -> Ended | None:
    """Whom and which letters a link means; None for one that we did not sign, or that is about nothing any more."""
    try:
        person_id, kind = _signer().loads(token)
    except BadData:
        return None
    person, letter = whose(person_id), find(kind)
    return Ended(person, letter) if person and letter and letter.can_be_muted else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=SALT)
