"""One credit per person, session and ledger; and the sessions whose roster was closed before this was remembered.

Whoever was taken off a session and added again could get a credit for each time. The newest of those stays in
force; opening and closing the roster once more reckons them together. Nothing is rebuilt: see 0005."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SETTLE = """
UPDATE offering SET settled_at = (
    SELECT closed_at FROM roster_closing
    WHERE roster_closing.offering_id = offering.id AND roster_closing.reopened_at IS NULL
)
"""

KEEP_THE_NEWEST = """
UPDATE credit SET superseded_at = given_at
WHERE superseded_at IS NULL AND EXISTS (
    SELECT 1 FROM credit AS newer
    WHERE newer.person_id = credit.person_id AND newer.offering_id = credit.offering_id
      AND newer.ledger = credit.ledger AND newer.superseded_at IS NULL AND newer.id > credit.id
)
"""

IN_FORCE = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.execute(SETTLE)
    op.execute(KEEP_THE_NEWEST)
    op.create_index(
        "uq_credit_of_person",
        "credit",
        ["person_id", "offering_id", "ledger"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_index("uq_credit_of_person", table_name="credit")
