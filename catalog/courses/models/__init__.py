"""What is taught (Course), its dated runs (Offering), their sittings (Meeting) and their seats (Seat)."""

from catalog.courses.models.course import (
    AgeBand,
    Asking,
    Course,
    CourseState,
    CreditRule,
    Format,
    Kind,
    Listing,
    course_component,
    course_prerequisite,
    course_tag,
)
from catalog.courses.models.mapping import (
    Basis,
    CourseArea,
    CourseTopic,
    Review,
    ReviewAct,
)
from catalog.courses.models.offering import (
    MOST_SEATS,
    Meeting,
    MeetingKind,
    Offering,
    OfferingState,
    Seat,
    meeting_trainer,
)

__all__ = [
    "MOST_SEATS",
    "AgeBand",
    "Asking",
    "Basis",
    "Course",
    "CourseArea",
    "CourseState",
    "CourseTopic",
    "CreditRule",
    "Format",
    "Kind",
    "Listing",
    "Meeting",
    "MeetingKind",
    "Offering",
    "OfferingState",
    "Review",
    "ReviewAct",
    "Seat",
    "course_component",
    "course_prerequisite",
    "course_tag",
    "meeting_trainer",
]
