"""The form of a course, in the order in which a trainer thinks of it."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, StringField, TextAreaField
from wtforms.validators import ValidationError

from catalog.competencies.models import Ledger
from catalog.courses.forms import choices
from catalog.courses.forms.fields import (
    Choice,
    HoursField,
    MoneyField,
    Once,
    Picked,
    Radios,
    WholeField,
    address,
    is_text,
    line,
    listed,
    on_one_line,
    one_a_line,
    paragraph,
)
from catalog.courses.models import AgeBand, Asking, Course, CreditRule, Format, Kind, Listing

NOT_COLUMNS = ("csrf_token", "once", "prerequisite_titles", "component_titles")
MOST_OBJECTIVES, LONGEST_OBJECTIVE = 10, 200
ALL_OR_NONE = (CreditRule.FULL_FROM_PERCENT, CreditRule.ALL_MEETINGS)
NUMBERED = re.compile(r"\(no\. (\d{1,9})\)$", re.ASCII)


def numbered(course_id: int, title: str) -> str:
    """How a course is named where one is chosen by typing; titles alone may repeat."""
    return f"{title} (no. {course_id})"


class CourseForm(FlaskForm):
    once = Once()

    # What it is.
    title = line("Title", 300, required="Give the course a title.")
    kind = Choice("Kind", Kind, choices.KINDS, default=Kind.IN_SERVICE)
    summary = paragraph("What people learn or do", hint="Two or three sentences, in plain words.", rows=4)
    objectives = TextAreaField(
        "What people can do afterwards",
        filters=[one_a_line],
        description="One objective a line, at most 10. People rate each of them in the evaluation.",
        render_kw={"rows": 4},
    )
    format = Choice("Format", Format, choices.FORMATS, blank="Not stated, or it varies")
    component_titles = FieldList(
        StringField("Part", filters=[on_one_line], render_kw={"list": "course-titles"}),
        "Courses it consists of",
        max_entries=30,
    )

    # Who it is for.
    audience = line("Audience", 500, hint="For example: home visitors and early educators.")
    age_band = Choice("Age of the children", AgeBand, choices.AGE_BANDS, default=AgeBand.UNKNOWN)
    prerequisites = paragraph("What people need beforehand", rows=2)
    prerequisite_titles = FieldList(
        StringField("Course that comes first", filters=[on_one_line], render_kw={"list": "course-titles"}),
        min_entries=1,
        max_entries=12,
    )
    language = line("Language", 40, default="English")
    accessibility = paragraph("Accessibility", hint="Captions, ramps, handouts in large print.", rows=2)

    # Length and credit.
    minutes = HoursField("Length", description="Hours that count, such as 6, 1.5 or 1 h 30 min.")
    credit_rule = Radios(
        "What gives credit", CreditRule, choices.CREDIT_RULES, default=CreditRule.FULL_FROM_PERCENT
    )
    credit_percent = WholeField(
        "Share of the minutes to attend, in percent",
        1,
        100,
        default=90,
        description="For the two rules that give all or nothing.",
    )
    minutes_most = HoursField("At most", description="When the length is a range: its upper end.")
    minutes_about = BooleanField("The length is only approximate")
    rsc_minutes = HoursField(
        choices.LEDGERS[Ledger.RSC], description="Besides the length above; the two are never added."
    )
    credit_cap_minutes = HoursField(
        "Hours that count at most",
        description="When fewer count than are met, such as 12 of 20. Training and RSC hours each by themselves.",
    )
    meetings_listed = WholeField("Number of meetings", 1, 500)
    meeting_pattern = line("How the meetings are spread", 300, hint="For example: monthly, 2 h each.")
    capacity_listed = line("Usual group size", 100)
    ce_credits = line("Continuing education credit", 500, hint="How much, and by which board.")
    ce_provider_number = line(
        "Provider number for continuing education",
        80,
        hint="Continuing education is printed on a certificate only with the number of the approved provider.",
    )

    # Afterwards.
    asking = Choice("Evaluation", Asking, choices.ASKING, default=Asking.OPTIONAL)

    # Price.
    price_cents = MoneyField("Price", description="Dollars, such as 25 or 12.50; 0 is free.")
    member_price_cents = MoneyField("Price for members")
    price_note = paragraph("About the price", hint="Early rates, instalments, who pays, refunds.", rows=2)

    # Where it comes from.
    provider = line("Provider", 300, hint="Who offers the course.")
    trainer_names = line("Trainers", 300)
    provider_state = line("State of the provider", 60)
    sponsor = line("Sponsor", 300, hint="Who pays for it or hosts it, when that is somebody else.")
    location = line("Usual place", 300)
    source_url = address("Web page of the course")
    apply_url = address(
        "Where people apply",
        hint="For university programs. It then has no sessions here and gives no in-service hours.",
    )
    dates_listed = line("Dates as the provider states them", 300)
    listing = Choice("What the provider says", Listing, choices.LISTINGS, default=Listing.OPEN)
    listing_note = paragraph("Anything else the listing says", rows=3)
    owner_id = Picked("Trainer who looks after this course")

    def validate_objectives(self, field: TextAreaField) -> None:
        lines = (field.data or "").split("\n")
        if len(lines) > MOST_OBJECTIVES:
            raise ValidationError(f"Write at most {MOST_OBJECTIVES} objectives; these are {len(lines)}.")
        if any(len(one) > LONGEST_OBJECTIVE for one in lines):
            raise ValidationError(f"Use at most {LONGEST_OBJECTIVE} characters for each objective.")

    def validate_component_titles(self, field: Any) -> None:
        self.validate_prerequisite_titles(field)
        if any(field.data) and not field.errors and self.kind.data != Kind.CERTIFICATE_COURSE:
            field.entries[0].errors = [
                "Only a certificate course consists of others. Choose that kind, or take them out."
            ]
            field.errors = [field.entries[0].errors]

    def validate_prerequisite_titles(self, field: Any) -> None:
        for entry in field.entries:
            if entry.data and self._course_id(entry.data) is None:
                entry.errors = [f"No published course is called “{entry.data}”. Choose one from the list."]
                field.errors = [*field.errors, entry.errors]

    def validate_credit_rule(self, field: Radios) -> None:
        """Whoever missed a meeting of a group keeps the hours of the others."""
        if self.kind.data == Kind.REFLECTIVE_GROUP and field.data in ALL_OR_NONE:
            raise ValidationError("A group gives hours for each meeting attended. Choose that rule.")

    def validate_credit_percent(self, field: WholeField) -> None:
        if field.data is None and not field.process_errors:
            raise ValidationError("Write a whole number from 1 to 100, such as 90.")

    def validate_minutes_most(self, field: HoursField) -> None:
        if field.data is None or self.minutes.process_errors:
            return
        if self.minutes.data is None:
            raise ValidationError("Write the lower end of the range under Length first.")
        if field.data < self.minutes.data:
            raise ValidationError("The upper end of the range cannot be less than the length.")

    def offer(self, titles: dict[int, str], owners: list[tuple[int, str]] | None) -> "CourseForm":
        """Set what can be chosen: courses by id, and trainers where the person may choose one."""
        self.titles = titles
        for number, entry in enumerate(self.component_titles, 1):
            entry.label.text = f"Part {number}"
        if owners is None:
            del self.owner_id
        else:
            self.owner_id.choices = listed([("", "Nobody yet"), *owners])
        return self

    def columns(self) -> dict[str, Any]:
        """Every column of the course that this form fills in."""
        return {
            name: field.data or "" if is_text(field) else field.data
            for name, field in self._fields.items()
            if name not in NOT_COLUMNS
        }

    def required_ids(self) -> set[int]:
        return set(self._chosen(self.prerequisite_titles))

    def component_ids(self) -> list[int]:
        """In the order of the boxes, each once."""
        return list(dict.fromkeys(self._chosen(self.component_titles)))

    def _chosen(self, boxes: Any) -> list[int]:
        found = [self._course_id(entry.data) for entry in boxes.entries if entry.data]
        return [course_id for course_id in found if course_id is not None]

    def _course_id(self, text: str) -> int | None:
        if (found := NUMBERED.search(text)) and int(found[1]) in self.titles:
            return int(found[1])
        alike = [course_id for course_id, title in self.titles.items() if title.lower() == text.lower()]
        return alike[0] if len(alike) == 1 else None


def titles_of(courses: list[Course], empty: int = 1) -> list[str]:
    """Courses as the form's boxes show them, with empty boxes for more."""
    return [*(numbered(course.id, course.title) for course in courses), *[""] * empty]
