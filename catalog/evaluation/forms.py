"""The shape of the answers: points from 1 to 5, two texts, and whatever is left out."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional, ValidationError

from catalog.courses.forms.fields import paragraph
from catalog.courses.models import Course
from catalog.evaluation.refusals import NothingSaid
from catalog.evaluation.services import Answers
from catalog.evaluation.wording import SAID, SCALES, TEXTS, objectives_of

LONGEST_TEXT = 2000
SKIP = ""


class Points(RadioField):
    """From 1 to 5; nothing where it was left out."""

    def __init__(self, words: str, **more: Any) -> None:
        choices = [SelectChoice(str(point.value), point.words) for point in SAID]
        choices.append(SelectChoice(SKIP, "Skip"))
        super().__init__(words, [Optional()], choices=choices, **more)

    def pre_validate(self, _form: Any) -> None:
        if self.data not in {str(point.value) for point in SAID}:
            raise ValidationError("Choose from 1 to 5, or leave it out.")

    @property
    def points(self) -> int | None:
        return int(self.data) if self.data else None


class EvaluationForm(FlaskForm):
    """Made by `form_for`, which adds the objectives of a course."""

    helped = paragraph(TEXTS["helped"], LONGEST_TEXT, maxlength=LONGEST_TEXT)
    change = paragraph(TEXTS["change"], LONGEST_TEXT, maxlength=LONGEST_TEXT)

    objective_words: Mapping[str, str] = {}
    """The words of each objective by the name of its field."""

    @property
    def scales(self) -> list[Points]:
        return [self[scale_field(name)] for name in SCALES]

    @property
    def objectives(self) -> list[Points]:
        return [self[name] for name in self.objective_words]

    @property
    def answers(self) -> Answers:
        scales = {name: self[scale_field(name)].points for name in SCALES}
        objectives = {words: self[name].points for name, words in self.objective_words.items()}
        return Answers(_given(scales), _given(objectives), self.helped.data or "", self.change.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.answers == Answers():
            self.form_errors = [NothingSaid.sentence]
            return False
        return True


def form_for(course: Course) -> EvaluationForm:
    """The objectives go by their words and not by their place: the course may be edited while somebody writes."""
    words = {objective_field(objective): objective for objective in objectives_of(course.objectives)}
    fields: dict[str, Any] = {scale_field(name): Points(question) for name, question in SCALES.items()}
    fields |= {name: Points(objective) for name, objective in words.items()}
    made: EvaluationForm = type("CourseForm", (EvaluationForm,), {**fields, "objective_words": words})()
    return made


def scale_field(name: str) -> str:
    return f"scale_{name}"


def objective_field(words: str) -> str:
    return f"objective_{sha256(words.encode()).hexdigest()[:12]}"


def _given(points: Mapping[str, int | None]) -> dict[str, int]:
    return {name: point for name, point in points.items() if point is not None}
