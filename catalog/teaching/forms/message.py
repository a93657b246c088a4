from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from catalog.courses.forms.fields import Once, Picked, Radios, line, listed, paragraph
from catalog.courses.models import Meeting, Offering
from catalog.courses.wording import meeting_name
from catalog.teaching.models import Audience

AUDIENCES = {
    Audience.EVERYONE: "Everyone on it, with a seat or waiting for one",
    Audience.SEATED: "Those with a seat",
    Audience.WAITING: "Those who wait for a seat",
    Audience.ABSENT: "Those who were absent at a meeting",
}


class MessageForm(FlaskForm):
    """`seen` says which people were shown before it is sent."""

    once = Once()
    seen = HiddenField()
    audience = Radios("Who gets it", Audience, AUDIENCES, default=Audience.EVERYONE)
    meeting_id = Picked(
        "Absent at", description="Only for those who were absent. They are marked as absent there."
    )
    subject = line("Subject", 150, required="Write a subject.")
    text = paragraph("What you write", 5000, required="Write what you want to tell them.", rows=8)

    def __init__(self, offering: Offering, meetings: Sequence[Meeting], **more: Any) -> None:
        super().__init__(**more)
        named = [
            (meeting.id, f"Meeting {meeting.number}, {meeting_name(meeting, offering.zone)}")
            for meeting in meetings
        ]
        self.meeting_id.choices = listed([("", "Choose a meeting"), *named])
        self.meetings = {meeting.id: meeting for meeting in meetings}

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine: bool = super().validate(extra_validators)
        if self.audience.data == Audience.ABSENT and self.meeting is None and not self.meeting_id.errors:
            self.meeting_id.errors = ["Choose the meeting they were absent at."]
            return False
        return is_fine

    @property
    def meeting(self) -> Meeting | None:
        """The one that was chosen, where the audience asks for one."""
        return self.meetings.get(self.meeting_id.data or 0) if self.audience.data == Audience.ABSENT else None
