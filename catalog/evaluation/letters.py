"""What people are asked by mail. Each function queues one mail."""

from collections.abc import Mapping

from flask import current_app

from catalog.courses.models import Asking
from catalog.enrollment.models import Enrollment
from catalog.evaluation.queries import first_letter
from catalog.notices.letters import About, Letter, letter
from catalog.notices.services import send

AFTER = {
    "course": "Reading the cues of babies",
    "link": "https://learning.example.org/offerings/7/evaluation",
}
PROMISE = "Your name is not kept with your answers."

ASKED = letter(
    "evaluation.asked",
    "An evaluation is asked for",
    About.REMINDER,
    subject="Tell what you think: {course}",
    body=f"{{name}},\n\nwhat did you think of it? A few questions, two minutes. {{why}}\n{{link}}\n\n{PROMISE}\n\n"
    "{course}",
    sample={**AFTER, "why": "Your certificate follows once you have answered."},
)
REMINDED = letter(
    "evaluation.reminded",
    "A certificate waits for an evaluation",
    About.BOOKING,
    subject="Your certificate waits: {course}",
    body="{name},\n\nyour certificate waits for your evaluation: a few questions, two minutes, and you may leave out "
    f"any. We do not write about it again.\n{{link}}\n\n{PROMISE}\n\n{{course}}",
    sample=AFTER,
)


def please_tell(enrollment: Enrollment) -> None:
    why = (
        "Your certificate follows once you have answered."
        if enrollment.offering.course.asking == Asking.BEFORE_CERTIFICATE
        else "It is up to you."
    )
    _send(enrollment, ASKED, {"why": why}, first_letter(enrollment.id))


def reminder(enrollment: Enrollment) -> None:
    _send(enrollment, REMINDED, {}, f"evaluation again {enrollment.id}")


def _send(enrollment: Enrollment, what: Letter, values: Mapping[str, str], dedupe_key: str) -> None:
    link = f"{current_app.config['CATALOG'].site_url}/offerings/{enrollment.offering_id}/evaluation"
    said = {"course": enrollment.offering.course.title, "link": link}
    send(enrollment.person, what, {**said, **values}, dedupe_key=dedupe_key)
