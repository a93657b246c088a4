"""What a coordinator brings in as a table, and two accounts that were one person."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.extensions import Base, stored_by_value


class Merge(Base):
    """Two accounts that turned out to be one person. What belonged to `gone` belongs to `kept` since.

    `moved` says which rows changed hands, {"table.column": [primary key, …]}, and what else was set on them, so that
    exactly these go back when it is undone."""

    __tablename__ = "person_merge"
    __table_args__ = (sa.CheckConstraint("kept_id <> gone_id", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    gone_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    moved: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    kept: Mapped[Person] = relationship(foreign_keys=kept_id)
    gone: Mapped[Person] = relationship(foreign_keys=gone_id)
    merged_by: Mapped[Person] = relationship(foreign_keys=merged_by_id)
    undone_by: Mapped[Person | None] = relationship(foreign_keys=undone_by_id)


class NotSame(Base):
    """Two people whom a coordinator looked at side by side and knows to be two. They are not asked about again."""

    __tablename__ = "not_same"
    __table_args__ = (sa.CheckConstraint("low_id < high_id", name="order"),)

    low_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    high_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    said_at: Mapped[datetime]
    said_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


class TableKind(StrEnum):
    MEMBERSHIPS = "memberships"
    ENROLLING = "enrolling"
    ATTENDANCE = "attendance"


class TableImport(Base):
    """A table a coordinator uploaded, as it was read, until it is saved or left. `rows` is {"rows": [...]}."""

    __tablename__ = "table_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TableKind] = stored_by_value(TableKind)
    offering_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offering.id"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    rows: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]
    read_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime | None]

    offering: Mapped[Offering | None] = relationship()
    read_by: Mapped[Person] = relationship()
