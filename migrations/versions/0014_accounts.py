"""Addresses that are proven, sign-ins that end when they lie unused, and changes of an address.

Accounts with a password count as proven; their people have used them until now. Sign-ins that are open count as just
used."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("old_email", sa.String(length=254), nullable=False),
        sa.Column("new_email", sa.String(length=254), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_address_change_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
    )
    op.create_index(op.f("ix_address_change_person_id"), "address_change", ["person_id"], unique=False)
    op.add_column("person", sa.Column("email_verified_at", MOMENT, nullable=True))
    op.add_column("sign_in", sa.Column("last_seen_at", MOMENT, nullable=True))
    _fill()
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.alter_column("last_seen_at", existing_type=MOMENT, nullable=False)


def _fill() -> None:
    now = datetime.now(UTC)
    person = sa.table("person", sa.column("password_hash"), sa.column("email_verified_at", MOMENT))
    sign_in = sa.table("sign_in", sa.column("last_seen_at", MOMENT))
    op.execute(person.update().where(person.c.password_hash.is_not(None)).values(email_verified_at=now))
    op.execute(sign_in.update().values(last_seen_at=now))


def downgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("last_seen_at")
    # Not by a copy of the table: rows of others hold on to it.
    op.drop_column("person", "email_verified_at")
    op.drop_index(op.f("ix_address_change_person_id"), table_name="address_change")
    op.drop_table("address_change")
