"""What the nightly check of the whole database found."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from catalog.extensions import Base


class CheckRun(Base):
    """One run. `found` is {"findings": [{"name", "sentence", "rows", "examples"}]}; `digest` says which rows these
    are, so that the same finding is told once."""

    __tablename__ = "check_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime]
    rows: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    found: Mapped[dict[str, Any]]
    told_at: Mapped[datetime | None]
