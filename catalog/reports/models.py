"""What the reports read: counts session by session, written down by the worker once an hour and when asked for.

A million enrollments are some ten thousands of rows here. Whoever wants a figure as of now asks for a new count; the
old rows stay until the new ones are complete."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from catalog.extensions import Base


class TallyCount(Base):
    """When the tallies were last counted: they say what was so at `as_of`. One row."""

    __tablename__ = "tally_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    as_of: Mapped[datetime]
    # How long counting took, for those who look after the machine.
    milliseconds: Mapped[int]


class HoursTally(Base):
    """How many times hours were earned on a session on a day, and the minutes; `measure` is tallies.Measure."""

    __tablename__ = "hours_tally"

    offering_id: Mapped[int] = mapped_column(
        sa.ForeignKey("offering.id", ondelete="CASCADE"), primary_key=True
    )
    on: Mapped[date] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    times: Mapped[int]
    minutes: Mapped[int] = mapped_column(sa.BigInteger)


class AreaTally(Base):
    """The same for each area that these hours touch."""

    __tablename__ = "area_tally"

    offering_id: Mapped[int] = mapped_column(
        sa.ForeignKey("offering.id", ondelete="CASCADE"), primary_key=True
    )
    on: Mapped[date] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), primary_key=True)
    times: Mapped[int]
    minutes: Mapped[int] = mapped_column(sa.BigInteger)


class SessionTally(Base):
    """A session with the day it begins by its own calendar: how many have a seat, and how many of them never came.

    `no_shows` is None while the roster is open."""

    __tablename__ = "session_tally"
    __table_args__ = (sa.Index("ix_session_tally_on", "on"),)

    offering_id: Mapped[int] = mapped_column(
        sa.ForeignKey("offering.id", ondelete="CASCADE"), primary_key=True
    )
    on: Mapped[date]
    seated: Mapped[int]
    no_shows: Mapped[int | None]


class PeopleTally(Base):
    """Who was at a session on a day: the numbers of people, packed by `people.pack`.

    People cannot be added up over lines, since who came twice is one person; so a report needs the people themselves,
    and a million rows of them are too many to read for each page."""

    __tablename__ = "people_tally"

    offering_id: Mapped[int] = mapped_column(
        sa.ForeignKey("offering.id", ondelete="CASCADE"), primary_key=True
    )
    on: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[bytes]


class WorkplaceTally(Base):
    """Who works in a county; people who did not say are in none."""

    __tablename__ = "workplace_tally"

    county: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    people: Mapped[bytes]


class AnswerTally(Base):
    """How often 1, 2, 3, 4 and 5 points were given to a question about a session, of the answers shown in fives."""

    __tablename__ = "answer_tally"

    offering_id: Mapped[int] = mapped_column(
        sa.ForeignKey("offering.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    ones: Mapped[int]
    twos: Mapped[int]
    threes: Mapped[int]
    fours: Mapped[int]
    fives: Mapped[int]
