"""Keys by which two accounts of one person are found without reading all the others.

What makes the keys is written out here, so that it stays what it was when the rows were made."""

import re
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

AT_ONCE = 5_000
LONGEST, SHORTEST_LICENCE = 254, 4

person = sa.table(
    "person",
    *(sa.column(name) for name in ("id", "name", "email", "second_email", "county", "licence")),
    *(sa.column(name) for name in ("merged_into_id", "left_at")),
)
account_key = sa.table(
    "account_key",
    *(sa.column(name) for name in ("kind", "key", "person_id")),
    sa.column("is_second", sa.Boolean()),
)


def upgrade() -> None:
    op.create_table(
        "account_key",
        sa.Column(
            "kind",
            sa.Enum(
                *("licence", "address", "name"),
                name="keykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=LONGEST), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_second", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_key_person_id_person")),
        sa.PrimaryKeyConstraint("kind", "key", "person_id", name=op.f("pk_account_key")),
    )
    _write(op.get_bind())
    op.create_index(op.f("ix_account_key_person_id"), "account_key", ["person_id"], unique=False)
    op.create_index(
        "ix_account_key_second",
        "account_key",
        ["kind", "key", "person_id"],
        unique=False,
        sqlite_where=sa.text("is_second = 1"),
        postgresql_where=sa.text("is_second"),
    )


def downgrade() -> None:
    op.drop_index("ix_account_key_second", table_name="account_key")
    op.drop_index(op.f("ix_account_key_person_id"), table_name="account_key")
    op.drop_table("account_key")


def _write(connection: sa.Connection) -> None:
    """The keys of every account that is open, so many people at a time."""
    last = 0
    is_open = sa.and_(person.c.merged_into_id.is_(None), person.c.left_at.is_(None))
    while rows := connection.execute(
        sa.select(
            *(person.c.id, person.c.name, person.c.email, person.c.second_email),
            *(person.c.county, person.c.licence),
        )
        .where(person.c.id > last, is_open)
        .order_by(person.c.id)
        .limit(AT_ONCE)
    ).all():
        last = rows[-1].id
        made = {(kind, key, one) for one, *said in rows for kind, key in _keys(*said)}
        connection.execute(
            sa.insert(account_key),
            [
                {"kind": kind, "key": key, "person_id": one, "is_second": False}
                for kind, key, one in sorted(made)
            ],
        )
    _mark(connection)


def _mark(connection: sa.Connection) -> None:
    """Of those who have the same, the second to the eighth."""
    of = account_key.c
    place = sa.func.row_number().over(partition_by=(of.kind, of.key), order_by=of.person_id)
    placed = sa.select(of.kind, of.key, of.person_id, place.label("place")).subquery()
    rows = sa.select(placed.c.kind, placed.c.key, placed.c.person_id).where(placed.c.place.between(2, 8))
    connection.execute(
        sa.update(account_key)
        .where(sa.tuple_(of.kind, of.key, of.person_id).in_(rows))
        .values(is_second=True)
    )


def _keys(
    name: str, email: str, second_email: str | None, county: str | None, licence: str | None
) -> Iterator[tuple[str, str]]:
    number = "".join(sign for sign in (licence or "").upper() if sign.isalnum())
    if len(number) >= SHORTEST_LICENCE:
        yield "licence", number[:LONGEST]
    for address in (email, second_email):
        if address:
            local, _, domain = address.strip().lower().rpartition("@")
            box = local.partition("+")[0].replace(".", "") or local
            yield "address", f"{box}@{domain}"[:LONGEST]
    apart = unicodedata.normalize("NFKD", name)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
    if county and (words := " ".join(sorted(re.findall(r"\w+", bare)))):
        yield "name", f"{county} {words}"[:LONGEST]
