"""What every fact carries, and the forms of areas, topics, categories and tags."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, Optional

from catalog.competencies.forms.fields import Choice, Listed, line, pairs, tidy
from catalog.competencies.models import Category, Confidence

OWN_WORDS = "A short label. The Competency Guidelines are licensed text, so none of their sentences."
CONFIDENCE = {one: one.value.capitalize() for one in Confidence}
CARRIED = ("confidence", "source", "note")


def paragraph(label: str, most: int = 2000) -> TextAreaField:
    checks = [Optional(), Length(max=most, message=f"Use at most {most} characters.")]
    return TextAreaField(label, checks, filters=[tidy])


class FactForm(FlaskForm):
    """What every fact carries: how surely it is known, where it was read, a note."""

    confidence = Choice(
        "How surely is it known?",
        Confidence,
        CONFIDENCE,
        blank="Not said",
        description="Only what is confirmed is shown without the mark ◇.",
    )
    source = line("Source", 500, description="The web page or document it was read in.")
    note = paragraph("Note")

    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name != "csrf_token"}


class AreaForm(FactForm):
    name = line("Name", 120, "Enter the name of the area.", OWN_WORDS)
    short = line("Short label", 8, "Enter a short label.", "At most 8 characters; it stands in the strip.")


class TopicForm(FactForm):
    name = line("Name", 160, "Enter the name of the topic.", OWN_WORDS)
    name_ecmh = line("Name for ages 3 up to 6", 160, description="Where it is called something else there.")


class TagForm(FactForm):
    label = line("Label", 160, "Enter the label.", "What hours are about, such as “about providing RSC”.")


EXAM = {"": None, "yes": True, "no": False}
FACTS = ("exam", "references", "education_or_work")


class CategoryForm(FactForm):
    """`kept` are the facts of the category that nobody edits here."""

    name = line("Name", 120, "Enter the name of the category.")
    is_current = BooleanField("People can be endorsed in it today")
    exam = Listed("Is there an exam?", choices=pairs([("", "Not said"), ("yes", "Yes"), ("no", "No")]))
    references = line("References", 300, description="How many, and from whom.")
    education_or_work = line("Education and work", 500)

    def __init__(self, of: Category, **more: Any) -> None:
        self.kept = of.facts
        texts = {name: value for name in FACTS if isinstance(value := of.facts.get(name), str)}
        exam = next((word for word, value in EXAM.items() if value is of.facts.get("exam")), "")
        said = {**texts, "exam": exam}
        super().__init__(obj=of, **said, **more)

    def columns(self) -> dict[str, Any]:
        typed = {
            "exam": EXAM.get(self.exam.data or ""),
            "references": self.references.data,
            "education_or_work": self.education_or_work.data,
        }
        # What the file says in a way that no field here can show stays while nothing else is typed.
        typed = {key: value if value is not None else self._unshown(key) for key, value in typed.items()}
        rest = {key: value for key, value in self.kept.items() if key not in typed}
        # In the order in which the file has them, so that an edit of one moves no other.
        order = [*self.kept, *(key for key in typed if key not in self.kept)]
        known = {**rest, **{key: value for key, value in typed.items() if value is not None}}
        return {
            "name": self.name.data,
            "is_current": self.is_current.data,
            "facts": {key: known[key] for key in order if key in known},
            **{name: self[name].data for name in CARRIED},
        }

    def _unshown(self, key: str) -> Any:
        value = self.kept.get(key)
        is_shown = isinstance(value, bool) if key == "exam" else isinstance(value, str)
        return None if is_shown else value
