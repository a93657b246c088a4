"""What people are asked by mail. Each function queues one mail."""

from flask import current_app

from catalog.courses.models import Asking
from catalog.enrollment.models import Enrollment
from catalog.evaluation.queries import first_letter
from catalog.notices.services import tell


def please_tell(enrollment: Enrollment) -> None:
    why = (
        "Your certificate follows once you have answered."
        if enrollment.offering.course.asking == Asking.BEFORE_CERTIFICATE
        else "It is up to you."
    )
    sentence = f"what did you think of it? A few questions, two minutes. {why}"
    _tell(enrollment, "Tell what you think", sentence, first_letter(enrollment.id))


def reminder(enrollment: Enrollment) -> None:
    sentence = (
        "your certificate waits for your evaluation: a few questions, two minutes, and you may leave out any. "
        "We do not write about it again."
    )
    _tell(enrollment, "Your certificate waits", sentence, f"evaluation again {enrollment.id}")


def _tell(enrollment: Enrollment, subject: str, sentence: str, dedupe_key: str) -> None:
    person, title = enrollment.person, enrollment.offering.course.title
    link = f"{current_app.config['CATALOG'].site_url}/offerings/{enrollment.offering_id}/evaluation"
    promise = "Your name is not kept with your answers."
    text = f"{person.name},\n\n{sentence}\n{link}\n\n{promise}\n\n{title}\n"
    tell(person, f"{subject}: {title}", text, dedupe_key=dedupe_key)
