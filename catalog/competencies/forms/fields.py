"""Fields of the framework's forms. Whatever cannot be read gets its sentence beside the field."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from wtforms import DateField, Field, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

MOST_HOURS = 10_000
FIRST_YEAR, LAST_YEAR = 1990, 2099
FROM_LIST = "Choose one from the list."


class HoursField(StringField):
    """Hours as people write them, kept as whole minutes."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = (valuelist[0] if valuelist else "").strip()
        if not text:
            # Spaces alone are nothing, for InputRequired too.
            self.raw_data = []
            return
        found = re.fullmatch(r"([0-9]{1,5}(?:\.[0-9]{1,4})?)\s*(?:h|hours?)?", text)
        minutes = Decimal(found[1]) * 60 if found else None
        if minutes is None or minutes != int(minutes) or minutes > MOST_HOURS * 60:
            raise ValueError("Write hours, such as 30 or 1.5.")
        self.data = int(minutes)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data) / 60:.4f}".rstrip("0").rstrip(".")


class WholeField(StringField):
    """A whole number within bounds; nothing typed is None."""

    data: Any

    def __init__(self, label: str, validators: Any = (), *, least: int, most: int, **more: Any) -> None:
        more.setdefault("render_kw", {"inputmode": "numeric", "class": "short"})
        super().__init__(label, validators, **more)
        self.least, self.most = least, most

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = (valuelist[0] if valuelist else "").strip()
        if not text:
            # Spaces alone are nothing, for InputRequired too.
            self.raw_data = []
            return
        if not re.fullmatch(r"[0-9]{1,6}", text) or not self.least <= int(text) <= self.most:
            raise ValueError(f"Write a whole number from {self.least} to {self.most}.")
        self.data = int(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class DayField(DateField):
    """Dates far off are slips of the finger."""

    def __init__(self, label: str, validators: Iterable[Any] = (), **more: Any) -> None:
        super().__init__(label, [*validators, _of_our_time], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write a date, such as 2027-01-31.") from None


def _of_our_time(_form: Any, field: Field) -> None:
    day: date | None = field.data
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise StopValidation(f"Choose a date between {FIRST_YEAR} and {LAST_YEAR}.")


class Listed(SelectField):
    """A choice from a list, with our own sentence for whatever is not on it; the blank one is None."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.type = "SelectField"  # so that it is labelled like one: something is always chosen

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(FROM_LIST) from None

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            return
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(FROM_LIST) from None


class Choice(Listed):
    """One value of an enum; with `blank` also None, which the blank's words stand for."""

    def __init__(
        self, label: str, kind: type[StrEnum], names: Mapping[Any, str], blank: str | None = None, **more: Any
    ) -> None:
        nothing = [("", blank)] if blank is not None else []
        super().__init__(
            label,
            coerce=lambda value: kind(value) if value else None,
            choices=pairs([*nothing, *((one.value, names[one]) for one in kind)]),
            **more,
        )


class Picked(Listed):
    """One row of a table by its id, or None; the choices are set for each request."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, coerce=lambda value: int(value) if value else None, choices=[], **more)


class Ticked(SelectMultipleField):
    """Any of a list, as boxes to tick; the choices are set for each request."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, coerce=str, choices=[], **more)
        self.type = "SelectField"

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            raise ValidationError("Choose at least one.")
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("Choose from the list.") from None


def pairs(found: Iterable[tuple[str, str]]) -> list[Any]:
    """Values and their labels, as the library wants to be given them."""
    return [SelectChoice(value, label) for value, label in found]


def tidy(text: str | None) -> str | None:
    """Nothing typed is None, as in the file; control characters are nobody's wish."""
    tidied = re.sub(r"[\x00-\x08\x0b-\x1f]", "", text or "").strip()
    return tidied or None


def line(label: str, most: int, required: str | None = None, description: str = "") -> StringField:
    return StringField(label, _checks(most, required), filters=[tidy], description=description)


def _checks(most: int, required: str | None) -> list[Callable[..., Any]]:
    first: list[Any] = [DataRequired(required)] if required else [Optional()]
    return [*first, Length(max=most, message=f"Use at most {most} characters.")]
