"""Who is meant by a row: the one with that address, or the only one of that name in that county. Where several could
be meant, or only the name fits, nobody is taken; the coordinator says who."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from catalog.accounts.models import Person
from catalog.accounts.queries import plain_address
from catalog.extensions import db
from catalog.places import counties, county_name
from catalog.records.importing.cells import plain, text

MOST_CANDIDATES = 10
NEW, NONE = "new", "none"
"""What a coordinator may say of a row besides a person: somebody new, or nobody."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "e mail", "email address", "e mail address", "mail", "address", "participant email"),
    "name": (
        "name",
        "full name",
        "participant",
        "participant name",
        "member",
        "member name",
        "attendee",
        "person",
    ),
    "first": ("first name", "first", "given name", "firstname"),
    "last": ("last name", "last", "surname", "family name", "lastname"),
    "county": ("county", "counties", "county served"),
}


class Known(NamedTuple):
    id: int
    name: str
    email: str
    county: str

    @property
    def said(self) -> str:
        return ", ".join(part for part in (self.name, county_name(self.county), self.email) if part)


class Found(NamedTuple):
    """One person, or several who could be meant, or nobody."""

    person: Known | None
    candidates: tuple[Known, ...] = ()


@dataclass(frozen=True)
class People:
    by_email: Mapping[str, Known]
    by_name: Mapping[str, list[Known]]

    def meant(self, row: Mapping[str, Any]) -> Found:
        email, name = row["email"], plain(row["name"])
        if email and (known := self.by_email.get(email)):
            return Found(known)
        named = self.by_name.get(name, []) if name else []
        near = [one for one in named if row["county"] and one.county == row["county"]]
        if not email and len(near) == 1:
            return Found(near[0])
        return Found(None, tuple((near or named)[:MOST_CANDIDATES]))


def everybody() -> People:
    """All who have an account, in one statement. An account that became part of another stands for that one."""
    columns = (
        Person.id,
        Person.name,
        Person.email,
        Person.county,
        Person.second_email,
        Person.merged_into_id,
    )
    rows = db.session.execute(sa.select(*columns).order_by(Person.id)).all()
    by_id = {row.id: Known(row.id, row.name, row.email, row.county or "") for row in rows}
    into = {row.id: row.merged_into_id for row in rows if row.merged_into_id}
    by_email: dict[str, Known] = {}
    by_name: dict[str, list[Known]] = defaultdict(list)
    for row in rows:
        one = by_id.get(_last(row.id, into))
        if one is None:
            continue
        by_email[row.email] = one
        if row.second_email:
            by_email.setdefault(row.second_email, one)
        if row.id == one.id:
            by_name[plain(row.name)].append(one)
    return People(by_email, by_name)


def _last(person_id: int, into: Mapping[int, int]) -> int:
    seen = set[int]()
    while person_id in into and person_id not in seen:
        seen.add(person_id)
        person_id = into[person_id]
    return person_id


def read(said: Mapping[str, Any], problems: list[str]) -> dict[str, str]:
    """The name, the address and the county of a row; what is wrong with them is added to the problems."""
    found = {"name": "", "email": "", "county": ""}
    for what, of in (("name", _name), ("email", _email), ("county", _county)):
        try:
            found[what] = of(said)
        except ValueError as problem:
            problems.append(str(problem))
    if not problems and not found["name"] and not found["email"]:
        problems.append("It names nobody: it has no address and no name.")
    return found


def _name(said: Mapping[str, Any]) -> str:
    whole = text(said.get("name"), 120)
    if "," in whole and whole.count(",") == 1:
        last, first = (part.strip() for part in whole.split(","))
        whole = f"{first} {last}".strip()
    return whole or f"{text(said.get('first'), 60)} {text(said.get('last'), 60)}".strip()


def _email(said: Mapping[str, Any]) -> str:
    return address(text(said.get("email"), 300))


def address(said: str) -> str:
    """The address as it is kept. Raises ValueError with the sentence for whatever is none."""
    typed = re.sub(r"^mailto:", "", said, flags=re.IGNORECASE).strip("<> ")
    if not typed:
        return ""
    try:
        validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError(f"“{said[:60]}” is no email address.") from None
    return plain_address(typed)


def _county(said: Mapping[str, Any]) -> str:
    typed = text(said.get("county"), 60)
    if not typed:
        return ""
    name = plain(typed).removesuffix(" county")
    fips = next((one.fips for one in counties().values() if typed == one.fips or plain(one.name) == name), "")
    if not fips:
        raise ValueError(f"“{typed}” is no county that is known here.")
    return fips
