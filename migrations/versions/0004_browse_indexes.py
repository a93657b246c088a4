"""indexes from which the catalog's list is read"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FILTERED = ("course_id", "format", "county", "language", "minutes", "weekdays", "is_evening", "price_cents")


def upgrade() -> None:
    op.drop_index("ix_offering_by_start", table_name="offering")
    columns = ["state", "starts_at", "id", *FILTERED, "capacity", "closes_at"]
    op.create_index("ix_offering_by_start", "offering", columns)
    op.create_index("ix_offering_by_length", "offering", ["state", "minutes", "starts_at", "id", "course_id"])
    op.drop_index("ix_offering_course_id", table_name="offering")
    op.create_index("ix_offering_of_course", "offering", ["course_id", "state", "starts_at", "id"])
    columns = ["kind", "age_band", "format", "language", "minutes", "price_cents"]
    op.create_index("ix_course_by_title", "course", ["state", "title", "id", *columns])


def downgrade() -> None:
    op.drop_index("ix_course_by_title", table_name="course")
    op.drop_index("ix_offering_of_course", table_name="offering")
    op.create_index("ix_offering_course_id", "offering", ["course_id"])
    op.drop_index("ix_offering_by_length", table_name="offering")
    op.drop_index("ix_offering_by_start", table_name="offering")
    op.create_index("ix_offering_by_start", "offering", ["state", "starts_at", "id"])
