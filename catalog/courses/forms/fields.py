"""Fields that take what people type: dollars, hours, dates of this century, one of a few words."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    FieldList,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, RadioInput

from catalog.courses.forms.reading import cents, minutes
from catalog.wording import hours, money

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Blanks without a width, and marks that turn the text after them around. The joiners stay: some scripts need them.
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
# Letters and signs by name, yet drawn as nothing.
EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def tidy(text: str | None) -> str:
    """Text as it is kept: one kind of line end, nothing that cannot be seen, no blanks around it."""
    kept = UNSEEN.sub("", CONTROLS.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n"))).strip()
    return kept if any(_is_seen(sign) for sign in kept) else ""


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS" and sign not in EMPTY


def on_one_line(text: str | None) -> str:
    return " ".join(tidy(text).split())


def one_a_line(text: str | None) -> str:
    """A list as people paste it, without blank lines and without the dashes and dots before each."""
    lines = (re.sub(r"^[-•*–]\s+", "", on_one_line(one)) for one in tidy(text).split("\n"))
    return "\n".join(one for one in lines if one)


def line(
    label: str,
    most: int = 200,
    *,
    required: str | None = None,
    hint: str = "",
    default: str | None = None,
    **attributes: Any,
) -> StringField:
    """One line of text; `required` is the sentence said when it is empty, attributes go to the input."""
    return StringField(
        label, _checks(most, required), [on_one_line], hint, default=default, render_kw=attributes
    )


def address(label: str, most: int = 500, hint: str = "") -> StringField:
    """A whole web address, which pages make into a link."""
    filters = [on_one_line, _with_small_scheme]
    return StringField(
        label, [*_checks(most, None), web_address], filters, hint, render_kw={"inputmode": "url"}
    )


def paragraph(
    label: str, most: int = 5000, *, required: str | None = None, hint: str = "", **attributes: Any
) -> TextAreaField:
    return TextAreaField(label, _checks(most, required), [tidy], hint, render_kw=attributes)


def _checks(most: int, required: str | None) -> list[Callable[..., None]]:
    checks: list[Callable[..., None]] = [DataRequired(required)] if required else []
    return [*checks, Length(max=most, message=f"Use at most {most} characters.")]


class Typed(StringField):
    """A line of text that means something else; what was typed stays when it cannot be read."""

    data: Any

    def read(self, text: str) -> Any:
        """The meaning of the text; raises ValueError with the sentence for the user."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        raise NotImplementedError

    def process_formdata(self, valuelist: list[str]) -> None:
        text = on_one_line(valuelist[0]) if valuelist else ""
        self.data = None
        if text:
            self.data = self.read(text)
        else:
            # Spaces alone are nothing, for InputRequired too.
            self.raw_data = []

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


def is_text(field: Field) -> bool:
    """Whether the field holds plain text, whose nothing is "" and not None."""
    return isinstance(field, StringField) and not isinstance(field, Typed)


class Once(HiddenField):
    """A word that no other opened form has, so that a form sent twice makes one thing and another form another."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"default": lambda: secrets.token_hex(16), **more})

    def renew(self) -> None:
        """What is sent next is meant as another thing."""
        self.data = secrets.token_hex(16)


class MoneyField(Typed):
    """Dollars as people write them, kept as cents; nothing typed is None, "free" and 0 are 0."""

    def read(self, text: str) -> int:
        return cents(text)

    def write(self, value: int) -> str:
        return money(value).replace("Free", "0")


class HoursField(Typed):
    """A length as people write it, kept as minutes; nothing typed is None."""

    def read(self, text: str) -> int:
        return minutes(text)

    def write(self, value: int) -> str:
        return hours(value)


class WholeField(Typed):
    """A whole number within bounds, typed with the phone's number keys; nothing typed is None."""

    def __init__(self, label: str, least: int, most: int, **more: Any) -> None:
        super().__init__(label, **{"render_kw": {"inputmode": "numeric", "class": "short"}, **more})
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        plain = text.replace(",", "")
        if not re.fullmatch(r"\d{1,9}", plain, re.ASCII) or not self.least <= int(plain) <= self.most:
            raise ValueError(f"Write a whole number from {self.least} to {self.most:,}.")
        return int(plain)

    def write(self, value: int) -> str:
        return str(value)


def listed(pairs: Iterable[tuple[Any, str]]) -> list[Any]:
    """Values and their labels, as the library wants to be given them."""
    return [SelectChoice(value, label) for value, label in pairs]


class Listed(SelectField):
    """A choice from a list, with our own sentence for whatever is not on it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError("Choose one from the list.") from None

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            return
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("Choose one from the list.") from None


class Choice(Listed):
    """One value of an enum that has a name; with `blank` also None, which the blank's words stand for."""

    def __init__(
        self, label: str, kind: type[StrEnum], names: Mapping[Any, str], blank: str | None = None, **more: Any
    ) -> None:
        nothing = [("", blank)] if blank is not None else []
        choices = [*nothing, *((member.value, names[member]) for member in kind if member in names)]
        super().__init__(
            label, coerce=lambda value: kind(value) if value else None, choices=listed(choices), **more
        )


class Radios(Choice):
    """The same, each with room for what it means."""

    widget = ListWidget(prefix_label=False)
    option_widget = RadioInput()


class Picked(Listed):
    """One row of a table by its id, or None; the choices are set for each request."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, coerce=lambda value: int(value) if value else None, **{"choices": [], **more})


class Ticked(SelectMultipleField):
    """Any rows of a table by their ids, as checkboxes; the choices are set for each request."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, **{"coerce": int, "choices": [], **more})

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("Choose from the list.") from None


class Rows(FieldList):  # type: ignore[type-arg]
    """Rows of a sub-form that can be added and taken out again without scripts."""

    def take_out(self, index: int) -> None:
        gone = self.entries[index : index + 1] if index >= 0 else []
        self.keep(lambda entry: entry not in gone)

    def keep(self, wanted: Callable[[Any], bool]) -> None:
        """Only the rows that are wanted, numbered anew."""
        self.entries = [entry for entry in self.entries if wanted(entry)]
        self._compact_indices()  # type: ignore[attr-defined]

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        # The library takes every digit of every script for a number; some of them are none.
        shape = re.compile(re.escape(prefix) + r"-(\d{1,4})(?:-|$)", re.ASCII)
        yield from (int(found[1]) for name in formdata if (found := shape.match(name)))


def this_century(_form: Any, field: Field) -> None:
    """Dates far off are slips of the finger, and some of them no clock can show."""
    value: date | datetime | None = field.data
    if value is not None and not 2000 <= value.year <= 2099:
        raise StopValidation("Choose a date between 2000 and 2099.")


class DayField(DateField):
    def __init__(self, label: str, validators: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(label, [*validators, this_century], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        _read_or_say(self, super().process_formdata, valuelist, "Write a date, such as 2027-01-14.")


class ClockField(TimeField):
    """A time of day; browsers send minutes, and some add seconds."""

    def __init__(self, label: str, validators: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(label, list(validators), format=["%H:%M", "%H:%M:%S"], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        _read_or_say(self, super().process_formdata, valuelist, "Write a time, such as 09:00.")


class MomentField(DateTimeLocalField):
    """A day and a time on the wall clock."""

    def __init__(self, label: str, validators: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(label, [*validators, this_century], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        _read_or_say(
            self, super().process_formdata, valuelist, "Write a day and a time, such as 2027-01-14T09:00."
        )


def _read_or_say(
    field: Field, read: Callable[[list[str]], None], valuelist: list[str], sentence: str
) -> None:
    """An empty field is None without a complaint, whatever stood there before; anything unreadable gets the
    sentence. A field that was not sent keeps what it begins with."""
    if valuelist:
        field.data = None
    if not any(valuelist):
        return
    try:
        read(valuelist)
    except ValueError:
        raise ValueError(sentence) from None


def web_address(_form: Any, field: Field) -> None:
    """Whole addresses only; anything else, such as a script, is never made into a link."""
    if field.data and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", field.data):
        raise ValidationError("Write the whole address, such as https://example.org/course.")


def _with_small_scheme(text: str) -> str:
    """Phones begin every field with a capital letter."""
    scheme, colon, rest = text.partition(":")
    return scheme.lower() + colon + rest
