"""Indexes for what a coordinator's day asks of millions of rows: each holds only the few rows that are looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PARTIAL = (
    ("ix_offering_decide_on", "offering", "decide_on", "minimum IS NOT NULL"),
    ("ix_enrollment_requested", "enrollment", "offering_id", "state = 'requested'"),
    ("ix_enrollment_offered", "enrollment", "offer_ends_at", "state = 'offered'"),
    ("ix_job_dead_id", "job", "id", "state = 'dead'"),
    ("ix_job_mailed", "job", "done_at", "state = 'done' AND kind = 'mail'"),
)


def upgrade() -> None:
    for name, table, column, rows in PARTIAL:
        op.create_index(name, table, [column], sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))
    op.create_index(op.f("ix_person_member_until"), "person", ["member_until"])


def downgrade() -> None:
    op.drop_index(op.f("ix_person_member_until"), "person")
    for name, table, _, _ in reversed(PARTIAL):
        op.drop_index(name, table)
