"""Everything about one person as one ZIP: what the database says as JSON, and every file of theirs as it is."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.certificates import drawing
from catalog.certificates.models import Certificate, CertificatePage
from catalog.certificates.services.pages import TEMPLATE
from catalog.config import Settings
from catalog.extensions import db
from catalog.paper import pdf
from catalog.privacy import things
from catalog.records.evidence import named

Lines = list[dict[str, Any]]

README = """Everything about you

{site} made this file on {day} for {name}.

everything.json
  "person"   what your account says of you
  "yours"    what is about you, a list for each table of the database
  "for_others"  what you did or wrote for others: which row it was and when, and your own words. What it says of
             them is theirs and is not here.
files/        what you handed in as evidence or gave as material, and your certificates

Numbers that end in _id are rows of the same database. Times are UTC. Passwords, links that open an account and other
keys are never part of this file, and neither are the words of letters, because they hold such links.
What you answered in evaluations is kept without your name, so that nobody can say which answers are yours.
"""


class Filed(NamedTuple):
    """A file in the archive, and where in the database it comes from."""

    name: str
    content: bytes


def archive(person: Person, settings: Settings, at: datetime) -> bytes:
    """The ZIP. It reads only; the certificates that have no page yet are drawn."""
    files: list[Filed] = []
    said = {
        "person": _person(person),
        "yours": dict(_subject_rows(person.id, files)),
        "for_others": dict(_deed_rows(person.id, files)),
    }
    files += _certificates(person.id, settings)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        words = README.format(site=settings.site_name, day=f"{at:%d %B %Y}", name=person.name)
        zipped.writestr("README.txt", words)
        zipped.writestr("everything.json", json.dumps(said, indent=2, ensure_ascii=False))
        for file in files:
            zipped.writestr(f"files/{file.name}", file.content)
    return out.getvalue()


def _person(person: Person) -> dict[str, Any]:
    table: sa.Table = Person.__table__  # type: ignore[assignment]
    columns = things.exported_columns(table)
    row = db.session.execute(sa.select(*columns).where(table.c.id == person.id)).mappings().one()
    return _plain(row, table, [])


def _subject_rows(person_id: int, files: list[Filed]) -> Iterator[tuple[str, Lines]]:
    """Every table that says whose its rows are, and the tables that hang on those."""
    for one in things.subjects():
        mine = one.column == person_id
        if rows := _rows(one.table, things.exported_columns(one.table), mine, files):
            yield one.table.name, rows
        yield from _hanging(one.table, mine, {one.table.name}, files)


def _hanging(
    table: sa.Table, mine: sa.ColumnElement[bool], seen: set[str], files: list[Filed]
) -> Iterator[tuple[str, Lines]]:
    for other, column in things.hanging_on(table):
        if other.name in seen:
            continue
        seen.add(other.name)
        of_these = column.in_(sa.select(_id_of(table)).where(mine))
        if rows := _rows(other, things.exported_columns(other), of_these, files):
            yield other.name, rows
        if len(other.primary_key.columns) == 1:
            yield from _hanging(other, of_these, seen, files)


def _deed_rows(person_id: int, files: list[Filed]) -> Iterator[tuple[str, Lines]]:
    for one in things.deeds():
        if rows := _rows(one.table, things.deed_columns(one), one.column == person_id, files):
            yield one.key, rows


def _id_of(table: sa.Table) -> sa.Column[Any]:
    return next(iter(table.primary_key.columns))


def _rows(
    table: sa.Table, columns: Sequence[sa.Column[Any]], which: sa.ColumnElement[bool], files: list[Filed]
) -> Lines:
    found = sa.select(*columns).where(which).order_by(*table.primary_key.columns)
    return [_plain(row, table, files) for row in db.session.execute(found).mappings()]


def _plain(row: Mapping[Any, Any], table: sa.Table, files: list[Filed]) -> dict[str, Any]:
    """The row as JSON can hold it; a file in it goes into the archive, and its name stands here instead."""
    said: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, bytes):
            file = Filed(_file_name(table, row), value)
            # The pages of certificates come with all the others.
            if table is not CertificatePage.__table__:
                files.append(file)
                said[str(name)] = f"files/{file.name}"
        elif isinstance(value, datetime | date | time):
            said[str(name)] = value.isoformat()
        else:
            said[str(name)] = value
    return said


def _file_name(table: sa.Table, row: Mapping[Any, Any]) -> str:
    number = "-".join(str(row[column.name]) for column in table.primary_key.columns)
    media_type = str(row.get("media_type") or "application/octet-stream")
    given = str(row.get("file_name") or "file.bin")
    name = named(given, media_type) if media_type in ("application/pdf", "image/jpeg") else _safe(given)
    return f"{table.name}-{number}-{name}"


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in ". -()" else "_" for letter in name)[:100]


def _certificates(person_id: int, settings: Settings) -> Iterator[Filed]:
    found = db.session.scalars(
        sa.select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id)
    ).all()
    for certificate in found:
        made = db.session.get(CertificatePage, certificate.id)
        content = made.content if made else pdf(TEMPLATE, drawing.data([certificate], settings))
        yield Filed(f"certificate-{certificate.number}.pdf", content)
