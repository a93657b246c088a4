"""What the Endorsement application asks about hours from elsewhere: one form for trainings, and one for RSC."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, cast

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, Optional, ValidationError

from catalog.competencies.models import Category, HourTag, Ledger
from catalog.competencies.queries import AreaTopics
from catalog.courses.forms.fields import HoursField, Once, Radios, Ticked, line, listed
from catalog.records.forms.education import ACCEPTED, DayOfLife
from catalog.records.limits import day_refused, length_refused
from catalog.records.models import HourEntry, Standing
from catalog.records.wording import STANDINGS
from catalog.records.written import Written

RECEIVED = "rsc_received"
"""The tag of all RSC, which therefore says nothing about one entry."""
ABOUT_OWN = "rsc_about_rsc_provided"
HOURS_HINT = (
    "Clock hours of 60 minutes without breaks, such as 6, 1.5 or 1 h 30 min. Ten nursing contact hours of 50 minutes "
    "are 8 h 20 min."
)
FILE_HINT = (
    "A certificate, a letter or a photo of it: PDF, JPEG, PNG or HEIC of at most 10 MB. Only you and the "
    "coordinators can open it."
)


class Setting(StrEnum):
    INDIVIDUAL = "individual"
    GROUP = "group"


SETTINGS = {Setting.INDIVIDUAL: "Individual", Setting.GROUP: "Group"}
STANDING_CHOICES = {**STANDINGS, Standing.UNKNOWN: "I do not know"}


class HoursForm(FlaskForm):
    """Of one ledger; which one, the hidden field says. `choices` are what the framework holds."""

    once = Once()
    ledger = HiddenField()
    began_on = DayOfLife("First day", [InputRequired("Enter the day.")])
    ended_on = DayOfLife("Last day", [Optional()], description="Only if it was not the same day.")
    minutes = HoursField("Hours", [InputRequired("Enter the hours.")], description=HOURS_HINT)
    title: Any
    trainer: Any
    _fields: dict[str, Any]
    provider = line(
        "Organization", hint="The agency, association or university that offered it.", autocomplete="off"
    )
    evidence = FileField("What shows it", description=FILE_HINT, render_kw={"accept": ACCEPTED})
    drops_file = BooleanField("Remove the file that is there")
    of: Ledger

    def __init__(self, today: date, **more: Any) -> None:
        super().__init__(**more)
        self.today = today
        self.ledger.data = self.of.value
        # It is made later than what both forms have, and stands first on the page.
        self._fields = {"title": self._fields["title"], **self._fields}

    def validate_began_on(self, field: Any) -> None:
        if field.data and (refused := day_refused(field.data, field.data, self.today)):
            raise ValidationError(refused)

    def validate_ended_on(self, field: Any) -> None:
        if (
            field.data
            and self.began_on.data
            and (refused := day_refused(self.began_on.data, field.data, self.today))
        ):
            raise ValidationError(refused)

    def validate_minutes(self, field: Any) -> None:
        began = self.began_on.data
        if field.data is None or began is None:
            return
        ended = self.ended_on.data or began
        if ended >= began and (refused := length_refused(field.data, began, ended)):
            raise ValidationError(refused)

    @property
    def file(self) -> FileStorage | None:
        """What was chosen; browsers send a file without a name when nothing was."""
        sent = self.evidence.data
        return sent if isinstance(sent, FileStorage) and sent.filename else None

    def written(self) -> Written:
        """What a sound form says."""
        began = cast(date, self.began_on.data)
        return Written(
            ledger=self.of,
            title=self.title.data,
            began_on=began,
            ended_on=self.ended_on.data or began,
            minutes=self.minutes.data or 0,
            trainer=self.trainer.data,
            provider=self.provider.data or "",
            **self.more(),
        )

    def more(self) -> dict[str, Any]:
        raise NotImplementedError


class TrainingForm(HoursForm):
    of = Ledger.TRAINING
    title = line("Title of the training", required="Enter the title.")
    trainer = line("Trainer", hint="Who taught it.", autocomplete="off")
    areas = Ticked("Areas")
    topics = Ticked("Topics covered")
    tags = Ticked("These hours also count as")

    def validate_topics(self, field: Any) -> None:
        if not field.data and not self.areas.data:
            raise ValidationError(
                "Choose at least one topic it covered, or an area. Training hours count when they cover at least one."
            )

    def more(self) -> dict[str, Any]:
        names = ("areas", "topics", "tags")
        return {name: frozenset(self[name].data or ()) for name in names}


class RscForm(HoursForm):
    of = Ledger.RSC
    title = line(
        "What it was", required="Enter what it was.", hint="For example “Monthly reflective consultation”."
    )
    trainer = line(
        "Name of the provider",
        required="Enter who provided it.",
        hint="Write it the same way each time: it matters from how many providers the hours come.",
        autocomplete="off",
    )
    setting = Radios("Individual or group", Setting, SETTINGS, validators=[InputRequired("Choose one.")])
    provider_standing = Radios(
        "The provider on that date was", Standing, STANDING_CHOICES, default=Standing.UNKNOWN
    )
    categories = Ticked("The provider’s categories on that date", coerce=str)
    tags = Ticked("What it was about")

    def more(self) -> dict[str, Any]:
        return {
            "is_group": self.setting.data == Setting.GROUP,
            "provider_standing": self.provider_standing.data or Standing.UNKNOWN,
            "provider_categories": frozenset(self.categories.data or ()),
            "tags": frozenset(self.tags.data or ()),
        }


def hours_form(
    ledger: Ledger,
    today: date,
    *,
    groups: Sequence[AreaTopics],
    tags: Sequence[HourTag],
    categories: Sequence[Category],
    of: HourEntry | None = None,
    **more: Any,
) -> HoursForm:
    """The form of one ledger with the framework's choices; `of` fills it with what an entry says."""
    data = {} if of is None else _data(of)
    form: HoursForm
    if ledger == Ledger.TRAINING:
        form = TrainingForm(today, data=data, **more)
        areas = {group.area.id: group.area.name for group in groups}
        topics = {topic.id: topic.name for group in groups for topic in group.topics}
        if of:
            # What the framework no longer has stays with the entry that names it.
            areas |= {area.id: area.name for area in of.areas}
            topics |= {topic.id: topic.name for topic in of.topics}
        form["areas"].choices, form["topics"].choices = listed(areas.items()), listed(topics.items())
        kept = [(tag.id, tag.label) for tag in tags if tag.code not in (RECEIVED, ABOUT_OWN)]
    else:
        form = RscForm(today, data=data, **more)
        form["categories"].choices = listed((category.code, category.name) for category in categories)
        kept = [(tag.id, "About the RSC I give") for tag in tags if tag.code == ABOUT_OWN]
    form["tags"].choices = listed(kept)
    return form


def _data(of: HourEntry) -> Mapping[str, Any]:
    return {
        "title": of.title,
        "began_on": of.began_on,
        "ended_on": of.ended_on if of.ended_on != of.began_on else None,
        "minutes": of.minutes,
        "trainer": of.trainer,
        "provider": of.provider,
        "areas": [area.id for area in of.areas],
        "topics": [topic.id for topic in of.topics],
        "tags": [tag.id for tag in of.tags],
        "setting": None if of.is_group is None else Setting.GROUP if of.is_group else Setting.INDIVIDUAL,
        "provider_standing": of.provider_standing,
        "categories": of.provider_categories.split(),
    }
