"""How education, and what a person brings along, is said."""

from catalog.records.models import CheckState, Education
from catalog.wording import day

STATES = {
    CheckState.PENDING: "Not looked at yet",
    CheckState.CHECKED: "Seen by a coordinator",
    CheckState.RETURNED: "Sent back",
}
TONES = {CheckState.PENDING: "sun", CheckState.CHECKED: "leaf", CheckState.RETURNED: "clay"}


def state_said(education: Education, zone: str) -> str:
    """With who and when, where a coordinator has looked at it."""
    if education.state == CheckState.CHECKED and education.checked_by and education.checked_at:
        return f"Seen by {education.checked_by.name} on {day(education.checked_at, zone)}"
    return STATES[education.state]


def finished_said(education: Education) -> str:
    return f"Finished on {day(education.finished_on)}" if education.finished_on else "Not finished yet"
