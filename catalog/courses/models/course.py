"""What is taught (Course), and the words it is described by."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.accounts.models import Person
from catalog.competencies.models import HourTag
from catalog.extensions import Base, stored_by_value

if TYPE_CHECKING:
    from catalog.courses.models.mapping import CourseArea, CourseTopic
    from catalog.courses.models.offering import Offering


class Kind(StrEnum):
    IN_SERVICE = "in_service"
    REFLECTIVE_GROUP = "reflective_group"
    CERTIFICATE_COURSE = "certificate_course"


class Format(StrEnum):
    IN_PERSON = "in_person"
    VIRTUAL = "virtual"
    HYBRID = "hybrid"
    SELF_PACED = "self_paced"


class AgeBand(StrEnum):
    BIRTH_3 = "birth-3"
    THREE_6 = "3-6"
    BIRTH_6 = "birth-6"
    UNKNOWN = "unknown"


class CourseState(StrEnum):
    """Where a course is on its way to being seen. Only published courses are public."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_ASKED = "changes_asked"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Listing(StrEnum):
    """What the provider says of a published course, beyond dates: can people apply at all?"""

    OPEN = "open"
    COMING_SOON = "coming_soon"
    SUSPENDED = "suspended"
    APPLICATION_CLOSED = "application_closed"


class CreditRule(StrEnum):
    """How minutes attended become minutes of credit. The arithmetic is in attendance.credit."""

    FULL_FROM_PERCENT = "full_from_percent"
    QUARTER_HOUR = "quarter_hour"
    ALL_MEETINGS = "all_meetings"
    PER_MEETING = "per_meeting"


class Asking(StrEnum):
    """Whether people are asked what they think of a course once they were there."""

    NONE = "none"
    OPTIONAL = "optional"
    BEFORE_CERTIFICATE = "before_certificate"


class Course(Base):
    """What is taught. Its dated runs are offerings; a course may be listed before it has any.

    Lengths are minutes of credit. A listing may give a range (`minutes_most`) or only "about" a figure, and a
    course may feed both ledgers (`rsc_minutes` beside `minutes`) or count for fewer minutes than are met
    (`credit_cap_minutes`). Whatever a listing said that no column can hold stands in `listing_note`, which is
    shown. `minutes` None means the listing does not say."""

    __tablename__ = "course"
    __table_args__ = (
        sa.CheckConstraint("minutes IS NULL OR minutes >= 0", name="minutes"),
        sa.CheckConstraint("minutes_most IS NULL OR minutes_most >= minutes", name="range"),
        sa.CheckConstraint("credit_percent BETWEEN 1 AND 100", name="credit_percent"),
        sa.CheckConstraint("price_cents IS NULL OR price_cents >= 0", name="price"),
        # The list of courses, and the set of courses that fit a filter, are read from this index alone.
        sa.Index(
            "ix_course_by_title",
            *("state", "title", "id", "kind", "age_band", "format", "language", "minutes", "price_cents"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[Kind] = stored_by_value(Kind)
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    provider: Mapped[str] = mapped_column(sa.Text, default="")
    provider_state: Mapped[str] = mapped_column(sa.Text, default="")
    sponsor: Mapped[str] = mapped_column(sa.Text, default="")
    trainer_names: Mapped[str] = mapped_column(sa.Text, default="")
    audience: Mapped[str] = mapped_column(sa.Text, default="")
    age_band: Mapped[AgeBand] = stored_by_value(AgeBand, default=AgeBand.UNKNOWN)
    format: Mapped[Format | None] = stored_by_value(Format)
    location: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(40), default="English")
    accessibility: Mapped[str] = mapped_column(sa.Text, default="")

    minutes: Mapped[int | None]
    minutes_most: Mapped[int | None]
    minutes_about: Mapped[bool] = mapped_column(default=False)
    rsc_minutes: Mapped[int | None]
    meetings_listed: Mapped[int | None]
    meeting_pattern: Mapped[str] = mapped_column(sa.Text, default="")
    capacity_listed: Mapped[str] = mapped_column(sa.Text, default="")

    price_cents: Mapped[int | None]
    member_price_cents: Mapped[int | None]
    price_note: Mapped[str] = mapped_column(sa.Text, default="")
    ce_credits: Mapped[str] = mapped_column(sa.Text, default="")
    prerequisites: Mapped[str] = mapped_column(sa.Text, default="")
    # People apply to a university there; the catalog links out and never counts it as in-service hours.
    apply_url: Mapped[str] = mapped_column(sa.Text, default="")
    dates_listed: Mapped[str] = mapped_column(sa.Text, default="")
    source_url: Mapped[str] = mapped_column(sa.Text, default="")
    listing: Mapped[Listing] = stored_by_value(Listing, default=Listing.OPEN)
    listing_note: Mapped[str] = mapped_column(sa.Text, default="")

    credit_rule: Mapped[CreditRule] = stored_by_value(CreditRule, default=CreditRule.FULL_FROM_PERCENT)
    credit_percent: Mapped[int] = mapped_column(default=90)
    credit_cap_minutes: Mapped[int | None]
    # What people can do after it, one a line; each is rated in the evaluation.
    objectives: Mapped[str] = mapped_column(sa.Text, default="")
    asking: Mapped[Asking] = stored_by_value(Asking, default=Asking.OPTIONAL)
    # Continuing education is said on a certificate only with the number under which its provider is approved.
    ce_provider_number: Mapped[str] = mapped_column(sa.Text, default="")

    state: Mapped[CourseState] = stored_by_value(CourseState, default=CourseState.DRAFT, index=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    # Set for imported rows: what the same row would be called in a second import.
    import_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    # Digests of what the row said and of what the course was right after: a later import changes the course
    # only when the row is different and nobody has edited the course since.
    imported_row: Mapped[str | None] = mapped_column(sa.String(64))
    imported_as: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # Counts edits; a form that was opened before another edit is refused instead of undoing it.
    version: Mapped[int] = mapped_column(default=1)
    # What the form that made this carried; the same form sent twice makes it once.
    once: Mapped[str | None] = mapped_column(sa.String(32), index=True, unique=True)

    owner: Mapped[Person | None] = relationship()
    areas: Mapped[list["CourseArea"]] = relationship(back_populates="course", cascade="all, delete-orphan")
    topics: Mapped[list["CourseTopic"]] = relationship(back_populates="course", cascade="all, delete-orphan")
    tags: Mapped[list[HourTag]] = relationship(secondary="course_tag")
    required: Mapped[list["Course"]] = relationship(
        secondary="course_prerequisite",
        primaryjoin="Course.id == course_prerequisite.c.course_id",
        secondaryjoin="Course.id == course_prerequisite.c.required_id",
    )
    components: Mapped[list["Course"]] = relationship(
        secondary="course_component",
        primaryjoin="Course.id == course_component.c.course_id",
        secondaryjoin="Course.id == course_component.c.component_id",
        order_by="course_component.c.position",
        viewonly=True,
    )
    offerings: Mapped[list["Offering"]] = relationship(back_populates="course")

    @property
    def is_public(self) -> bool:
        return self.state == CourseState.PUBLISHED

    @property
    def is_applied_for_elsewhere(self) -> bool:
        """A university programme: tracked as education, never as in-service hours."""
        return bool(self.apply_url)

    @property
    def feeds_both_ledgers(self) -> bool:
        return bool(self.minutes and self.rsc_minutes) and self.kind != Kind.REFLECTIVE_GROUP


course_tag = sa.Table(
    "course_tag",
    Base.metadata,
    sa.Column("course_id", sa.ForeignKey("course.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("hour_tag.id"), primary_key=True),
)

course_prerequisite = sa.Table(
    "course_prerequisite",
    Base.metadata,
    sa.Column("course_id", sa.ForeignKey("course.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("required_id", sa.ForeignKey("course.id"), primary_key=True),
    sa.CheckConstraint("course_id <> required_id", name="not_itself"),
)


# The courses that a certificate course consists of, in order.
course_component = sa.Table(
    "course_component",
    Base.metadata,
    sa.Column("course_id", sa.ForeignKey("course.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("component_id", sa.ForeignKey("course.id"), primary_key=True, index=True),
    sa.Column("position", sa.Integer(), nullable=False),
    sa.CheckConstraint("course_id <> component_id", name="not_itself"),
)
