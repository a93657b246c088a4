"""People, what they may do, and the sign-ins that are open."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.extensions import Base


class Person(Base):
    """Anyone with an account. Everyone learns; the three flags say what else a person does."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    is_trainer: Mapped[bool] = mapped_column(default=False)
    coordinates: Mapped[bool] = mapped_column(default=False)
    is_administrator: Mapped[bool] = mapped_column(default=False)
    county: Mapped[str | None] = mapped_column(sa.String(5))
    zone: Mapped[str | None] = mapped_column(sa.String(64))
    member_until: Mapped[date | None] = mapped_column(index=True)
    # Where mail goes once the first address is known to refuse it.
    second_email: Mapped[str | None] = mapped_column(sa.String(254))
    # The number of a professional licence, where somebody has one; duplicates are found by it.
    licence: Mapped[str | None] = mapped_column(sa.String(40))
    # Set when this account was found to belong to somebody else's: nobody signs in to it any more.
    merged_into_id: Mapped[int | None] = mapped_column(index=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)

    @property
    def is_coordinator(self) -> bool:
        """Administrators may do what coordinators do."""
        return self.coordinates or self.is_administrator

    def is_member(self, on: date) -> bool:
        """Whether the member price is theirs on that day."""
        return self.member_until is not None and self.member_until >= on


class SignIn(Base):
    """One open sign-in on one device. The cookie holds the token; only its hash is kept here."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(sa.String(200), default="")

    person: Mapped[Person] = relationship()


class Qualification(Base):
    """What makes a trainer or facilitator qualified, with the days it holds."""

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    label: Mapped[str] = mapped_column(sa.String(160))
    provides_rsc: Mapped[bool] = mapped_column(default=False)
    # The code of the Endorsement category or add-on that it is, where it is one.
    category_code: Mapped[str] = mapped_column(sa.String(20), default="")
    held_from: Mapped[date | None]
    held_until: Mapped[date | None]

    person: Mapped[Person] = relationship()

    def holds(self, on: date) -> bool:
        return (self.held_from is None or self.held_from <= on) and (
            self.held_until is None or self.held_until >= on
        )
