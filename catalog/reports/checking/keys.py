"""What must never be of the keys by which accounts of one person are found.

How a name or a licence is made plain cannot be said in SQL; for those it is seen whether they are of this account's
county, and of a licence that it has."""

from typing import Any

import sqlalchemy as sa

from catalog.accounts.models import AccountKey, KeyKind, Person

_IS_OPEN = sa.and_(Person.merged_into_id.is_(None), Person.left_at.is_(None))


def _bare(address: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[str]:
    return sa.func.replace(sa.func.lower(address), ".", "")


def _has_tag(address: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(address, "").contains("+")


_IS_OF_ADDRESS = sa.or_(
    _bare(AccountKey.key).in_([_bare(Person.email), _bare(sa.func.coalesce(Person.second_email, ""))]),
    _has_tag(Person.email),
    _has_tag(Person.second_email),
)
_IS_OF_COUNTY = sa.and_(Person.county.is_not(None), AccountKey.key.startswith(Person.county + " "))

FOREIGN = (
    sa.select(AccountKey.person_id.label("person"), AccountKey.kind)
    .join(Person, Person.id == AccountKey.person_id)
    .where(
        ~sa.case(
            (~_IS_OPEN, sa.false()),
            (AccountKey.kind == KeyKind.ADDRESS, _IS_OF_ADDRESS),
            (AccountKey.kind == KeyKind.NAME, _IS_OF_COUNTY),
            else_=Person.licence.is_not(None),
        )
    )
)

MISSING = sa.select(Person.id.label("person")).where(
    _IS_OPEN,
    ~sa.exists().where(AccountKey.person_id == Person.id, AccountKey.kind == KeyKind.ADDRESS),
)

ALL: tuple[tuple[str, str, sa.Select[Any]], ...] = (
    ("foreign key", "an account is found by what it does not say, or although it is closed", FOREIGN),
    ("no key", "an account is not found by its address", MISSING),
)
