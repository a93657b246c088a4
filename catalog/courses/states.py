"""How the way of a course is said on the desks of trainers and coordinators: words, and the tone of the badge."""

from catalog.courses.models import CourseState, ReviewAct

STATES = {
    CourseState.DRAFT: ("Draft", "soft"),
    CourseState.IN_REVIEW: ("In review", "sun"),
    CourseState.CHANGES_ASKED: ("Changes asked", "clay"),
    CourseState.PUBLISHED: ("Published", "leaf"),
    CourseState.ARCHIVED: ("Archived", "soft"),
}
ACTS = {
    ReviewAct.SUBMITTED: "Sent for review",
    ReviewAct.CHANGES_ASKED: "Changes asked",
    ReviewAct.PUBLISHED: "Published",
    ReviewAct.MAPPING_REVIEWED: "Mapping reviewed",
}
