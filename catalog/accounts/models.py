"""People, what they may do, and the sign-ins that are open."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog import clock
from catalog.extensions import Base, stored_by_value


class Person(Base):
    """Anyone with an account. Everyone learns; the three flags say what else a person does without end and for
    everything. What they do for a while, or for a part, is in their grants."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    # When it was proven that they read mail at this address; without that they take no seat.
    email_verified_at: Mapped[datetime | None]
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
    # Set when somebody left: the row stays for what others rely on, and says nothing of them any more.
    left_at: Mapped[datetime | None]
    # Whether the grants are worth reading; most people never have one.
    has_grants: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    is_sample: Mapped[bool] = mapped_column(default=False)
    # Since when a second step is asked for after the password; None while there is none. The factors keep it.
    second_step_since: Mapped[datetime | None]
    created_at: Mapped[datetime]

    grants: Mapped[list["RoleGrant"]] = relationship(foreign_keys="RoleGrant.person_id", viewonly=True)

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)

    @property
    def is_coordinator(self) -> bool:
        """Whether they coordinate everything; administrators may do what coordinators do."""
        whole = self.coordinates or self.is_administrator
        return whole or any(grant.is_everything for grant in self.grants_in_force)

    @property
    def coordinates_some(self) -> bool:
        """Whether they coordinate anything: everything, or some counties or providers."""
        return self.is_coordinator or bool(self.grants_in_force)

    def covers(self, county: str | None, provider: str) -> bool:
        """Whether what happens in this county, given by this provider, is theirs to coordinate."""
        return self.is_coordinator or any(one.covers(county, provider) for one in self.grants_in_force)

    @property
    def grants_in_force(self) -> Sequence["RoleGrant"]:
        now = clock.now()
        return [grant for grant in self.grants if grant.is_in_force(now)] if self.has_grants else ()

    def may_hand_on(self, grant: "RoleGrant", at: datetime) -> bool:
        """Whether the grant is a part of what they coordinate themself. What was handed on to them is not handed on
        again, so that it is always known whose it is."""
        if self.merged_into_id is not None:
            return False
        if self.coordinates or self.is_administrator:
            return True
        own = self.grants if self.has_grants else []
        return any(not one.is_delegated and one.is_in_force(at) and one.holds(grant) for one in own)

    @property
    def is_closed(self) -> bool:
        """Whether nobody signs in to it any more: it was joined with another one, or its person has left."""
        return self.merged_into_id is not None or self.left_at is not None

    @property
    def is_verified(self) -> bool:
        return self.email_verified_at is not None

    def is_member(self, on: date) -> bool:
        """Whether the member price is theirs on that day."""
        return self.member_until is not None and self.member_until >= on


class KeyKind(StrEnum):
    """What two accounts may agree in, the surest first."""

    LICENCE = "licence"
    ADDRESS = "address"
    NAME = "name"


class AccountKey(Base):
    """Something by which an account is found where somebody has two: a plain form of their licence, of an address, or
    of their name and county (catalog.accounts.alike). Accounts that are closed have none.

    `is_second`: others had the same when this was written, and not so many yet that a word such as "none" was typed.
    So where several have the same one is marked, and what nobody shares is never read to find those that do."""

    __tablename__ = "account_key"
    __table_args__ = (
        sa.Index(
            "ix_account_key_second",
            *("kind", "key", "person_id"),
            sqlite_where=sa.text("is_second = 1"),
            postgresql_where=sa.text("is_second"),
        ),
    )

    kind: Mapped[KeyKind] = stored_by_value(KeyKind, primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(254), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    is_second: Mapped[bool] = mapped_column(default=False)


class RoleGrant(Base):
    """The coordinator's role for a part or for a while. `counties` (FIPS codes) and `providers` (names, as courses
    say them) narrow it, and where both are said a session must be in both; with neither it is for everything.

    Nothing is ever taken out: what has ended stays as history. `is_delegated`: a coordinator handed their own role
    on, and it ends with theirs."""

    __tablename__ = "role_grant"
    __table_args__ = (sa.CheckConstraint("until IS NULL OR until > begins_at", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    counties: Mapped[list[str]] = mapped_column(sa.JSON)
    providers: Mapped[list[str]] = mapped_column(sa.JSON)
    begins_at: Mapped[datetime]
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text)
    is_delegated: Mapped[bool]
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    granted_by: Mapped[Person] = relationship(foreign_keys=granted_by_id)
    ended_by: Mapped[Person | None] = relationship(foreign_keys=ended_by_id)

    @property
    def is_everything(self) -> bool:
        return not self.counties and not self.providers

    def is_in_force(self, at: datetime) -> bool:
        runs = self.ended_at is None and self.begins_at <= at and (self.until is None or at < self.until)
        return runs and (not self.is_delegated or self.granted_by.may_hand_on(self, at))

    def holds(self, part: "RoleGrant") -> bool:
        """Whether all of `part` is within this one, in what it is for and in time."""
        if self.until is not None and (part.until is None or part.until > self.until):
            return False
        pairs = ((self.counties, part.counties), (self.providers, part.providers))
        return all(not mine or (theirs and set(theirs) <= set(mine)) for mine, theirs in pairs)

    def covers(self, county: str | None, provider: str) -> bool:
        """Whether a session there, of that provider's course, is part of it."""
        there = not self.counties or county in self.counties
        return there and (not self.providers or provider in self.providers)


class SignIn(Base):
    """One sign-in on one device, open until `ends_at` and kept for a while after it. The cookie holds the token; only
    its hash is kept here."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime]
    # When it was last used, to within a few minutes.
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(sa.String(200), default="")
    # Half open: the password was right and the second step is still to come. It opens nothing else.
    awaits_factor: Mapped[bool] = mapped_column(default=False)
    # Whether more than a password was shown: a second step, a passkey, or a provider's word that there was one.
    has_factor: Mapped[bool] = mapped_column(default=False)
    # When the person last showed that it is them: at sign-in, and again before they change how they sign in.
    proved_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class AddressChange(Base):
    """Somebody asked for another address. It is theirs once it is confirmed there, and not theirs any more once the
    owner of the old one says that it was somebody else."""

    __tablename__ = "address_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    old_email: Mapped[str] = mapped_column(sa.String(254))
    new_email: Mapped[str] = mapped_column(sa.String(254))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

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
