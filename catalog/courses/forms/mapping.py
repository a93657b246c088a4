"""The form of a mapping: the areas of the framework, each with its topics, and the tags of the hours."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, FormField

from catalog.competencies.models import HourTag
from catalog.competencies.queries import AreaTopics
from catalog.courses.forms.fields import HoursField, Ticked, listed
from catalog.courses.models import Course
from catalog.courses.services import Covered


class AreaForm(Form):
    covered = BooleanField("Covers this area")
    topics = Ticked("Topics")
    minutes = HoursField("Of the course, this area has", description="Only if you split it; such as 1.5.")


class MappingForm(FlaskForm):
    """A subclass with one AreaForm for each area is made by `mapping_form`."""

    tags = Ticked("Hours of this course also count as")

    def covered(self) -> list[Covered]:
        """The areas that were ticked, or have a topic or minutes, which says the same."""
        rows = []
        for name, field in self._fields.items():
            if name.startswith("area_"):
                data = field.data
                if data["covered"] or data["topics"] or data["minutes"] is not None:
                    area_id = int(name.removeprefix("area_"))
                    rows.append(Covered(area_id, data["minutes"] or None, frozenset(data["topics"] or ())))
        return rows


def mapping_form(groups: Sequence[AreaTopics], tags: Sequence[HourTag], course: Course) -> MappingForm:
    """The form for the framework in force, filled with what the course is mapped to now."""
    fields: dict[str, Any] = {
        f"area_{group.area.id}": FormField(AreaForm, group.area.name) for group in groups
    }
    form: MappingForm = type("MappingFormOfEdition", (MappingForm,), fields)(data=_data(groups, course))
    for group in groups:
        form[f"area_{group.area.id}"].topics.choices = listed(
            (topic.id, topic.name) for topic in group.topics
        )
    form.tags.choices = listed((tag.id, tag.label) for tag in tags)
    return form


def _data(groups: Sequence[AreaTopics], course: Course) -> dict[str, Any]:
    areas = {row.area_id: row for row in course.areas}
    topics = {row.topic_id for row in course.topics}
    data: dict[str, Any] = {"tags": [tag.id for tag in course.tags]}
    for group in groups:
        row = areas.get(group.area.id)
        data[f"area_{group.area.id}"] = {
            "covered": row is not None,
            "minutes": row.minutes if row else None,
            "topics": [topic.id for topic in group.topics if topic.id in topics],
        }
    return data
