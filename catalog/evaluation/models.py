"""What people thought of an offering. Who answered is one table, what was answered another; nothing joins them."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment
from catalog.extensions import Base


class EvaluationGiven(Base):
    """That somebody answered, so that a certificate that waits for it can be issued. Not what they said."""

    __tablename__ = "evaluation_given"

    enrollment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrollment.id"), primary_key=True)
    given_on: Mapped[date]

    enrollment: Mapped[Enrollment] = relationship()


class Evaluation(Base):
    """One answer, of nobody in particular: its key is random, it keeps no time, and nothing says who was before.

    `scales` and `objectives` are points from 1 to 5 by the question's name and by the objective's words; what was
    left out is not there. Trainers see answers five at a time, and `is_shown` says which they have seen.

    What remains: whoever reads the files of the database or two backups of it can tell which rows were written
    together, and so can whoever asks PostgreSQL for the transaction of a row. And where only one person answered,
    everybody who knows that knows whose answer it is; only coordinators see it then, and the form says so."""

    __tablename__ = "evaluation"
    # SQLite would number the rows as they come.
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    offering_id: Mapped[int] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    scales: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    objectives: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    helped: Mapped[str] = mapped_column(sa.Text, default="")
    change: Mapped[str] = mapped_column(sa.Text, default="")
    is_shown: Mapped[bool] = mapped_column(default=False)

    offering: Mapped[Offering] = relationship()
