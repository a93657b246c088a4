"""The Endorsement framework as data: what is asked, of whom, since when, and how surely we know it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.extensions import Base, stored_by_value


class Confidence(StrEnum):
    """How surely a fact is known. Whatever is not confirmed is shown as "check with" the association."""

    CONFIRMED = "confirmed"
    OLDER_EDITION = "older edition"
    INFERRED = "inferred"


class Sourced:
    """Every fact carries the edition that brought it, how surely it is known, and where it was read.

    `edited_at` is set when a coordinator changed the fact here; loading the same edition again leaves such a
    fact alone. `retired_in` names the edition in which the fact no longer appears; it is kept, because courses
    may be mapped to it."""

    edition: Mapped[str] = mapped_column(sa.String(40))
    confidence: Mapped[Confidence | None] = stored_by_value(Confidence)
    source: Mapped[str | None] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)
    edited_at: Mapped[datetime | None]
    retired_in: Mapped[str | None] = mapped_column(sa.String(40))

    @property
    def is_confirmed(self) -> bool:
        return self.confidence == Confidence.CONFIRMED


class Edition(Base):
    """One loaded framework file. The newest by `loaded_at` is in force."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    title: Mapped[str] = mapped_column(sa.Text)
    compiled_on: Mapped[date]
    loaded_at: Mapped[datetime]
    # Facts that no table reads yet (renewal period, RSC rules, what is unknown), kept whole for those who will.
    statements: Mapped[dict[str, Any]]


class Credential(Sourced, Base):
    __tablename__ = "credential"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.Text)
    mark: Mapped[str] = mapped_column(sa.String(20))
    age_band: Mapped[str] = mapped_column(sa.Text)


class Area(Sourced, Base):
    """One competency area, such as Theoretical Foundations. The first eight make the strip."""

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.Text)
    short: Mapped[str] = mapped_column(sa.String(8))
    position: Mapped[int]
    mentors_only: Mapped[bool] = mapped_column(default=False)
    by_references: Mapped[bool] = mapped_column(default=False)

    topics: Mapped[list["Topic"]] = relationship(back_populates="area", order_by="Topic.position")


class Topic(Sourced, Base):
    """One knowledge or skill area within a competency area."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), index=True)
    name: Mapped[str] = mapped_column(sa.Text)
    name_ecmh: Mapped[str | None] = mapped_column(sa.Text)
    position: Mapped[int]

    area: Mapped[Area] = relationship(back_populates="topics")


class Category(Sourced, Base):
    """A scope of practice one can be endorsed in. Not a rank; never call it a level."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.Text)
    credential: Mapped[str] = mapped_column(sa.Text)
    age_band: Mapped[str] = mapped_column(sa.Text)
    position: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=True)
    is_add_on: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]]


class TopicAsked(Base):
    """That a category asks for a topic, and how surely we know that it does."""

    __tablename__ = "topic_asked"

    topic_id: Mapped[int] = mapped_column(sa.ForeignKey("topic.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id"), primary_key=True, index=True)
    confidence: Mapped[Confidence] = stored_by_value(Confidence)
    edition: Mapped[str] = mapped_column(sa.String(40))


class HourTag(Sourced, Base):
    """A label hours carry when they count toward a minimum of their own, such as "about providing RSC"."""

    __tablename__ = "hour_tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    label: Mapped[str] = mapped_column(sa.Text)


class Ledger(StrEnum):
    """The two ledgers are never added together."""

    TRAINING = "training"
    RSC = "rsc"


class Purpose(StrEnum):
    FIRST = "first"
    RENEWAL = "renewal"


class RuleKind(StrEnum):
    MINIMUM = "minimum"
    TYPICAL = "typical"


class Condition(StrEnum):
    """When a rule is asked at all; a rule without one is asked of everybody."""

    PROVIDES_RSC = "provides_rsc"


class InForce:
    """Something that is in force within these days, both included; empty is without a beginning, or an end."""

    effective_from: Mapped[date | None]
    effective_until: Mapped[date | None]
    is_enabled: Mapped[bool] = mapped_column(default=True)
    why_disabled: Mapped[str | None] = mapped_column(sa.Text)
    # What the file calls it. It stays when a coordinator changes the dates, so that loading finds it again.
    file_key: Mapped[str | None] = mapped_column(sa.String(200), unique=True, index=True)
    retired_in: Mapped[str | None]

    def applies(self, on: date) -> bool:
        """Whether it is switched on and in force on that day."""
        return (
            self.is_enabled
            and self.retired_in is None
            and (self.effective_from is None or self.effective_from <= on)
            and (self.effective_until is None or on <= self.effective_until)
        )


class HourRule(InForce, Sourced, Base):
    """So many minutes, in this ledger, for this category and purpose, within these dates.

    A tagged rule is a minimum for hours with that tag; `window_months` is the time they must fall in. `applies_when`
    says in words when it is asked, and `condition` says it to the reckoning."""

    __tablename__ = "hour_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id"), index=True)
    purpose: Mapped[Purpose] = stored_by_value(Purpose)
    ledger: Mapped[Ledger] = stored_by_value(Ledger)
    kind: Mapped[RuleKind] = stored_by_value(RuleKind)
    tag_id: Mapped[int | None] = mapped_column(sa.ForeignKey("hour_tag.id"))
    minutes: Mapped[int]
    window_months: Mapped[dict[str, Any] | None]
    applies_when: Mapped[str | None] = mapped_column(sa.Text)
    condition: Mapped[Condition | None] = stored_by_value(Condition)

    category: Mapped[Category] = relationship()
    tag: Mapped[HourTag | None] = relationship()


class PolicyKind(StrEnum):
    """What a policy speaks of. What its `facts` hold is read by `competencies.rulebook`.

    providers: who may give RSC that counts. sources: from how many providers it may come. cycle: how long a
    renewal period is, and on which day it ends."""

    PROVIDERS = "providers"
    SOURCES = "sources"
    CYCLE = "cycle"


class Policy(InForce, Sourced, Base):
    """A rule that is no number of minutes. `category_id` None speaks for every category that has none of its own."""

    __tablename__ = "policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PolicyKind] = stored_by_value(PolicyKind)
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("category.id"), index=True)
    facts: Mapped[dict[str, Any]]

    category: Mapped[Category | None] = relationship()
