"""Fields that take what people type: dollars, hours, dates of this century, one of a few words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.csrf.core import CSRFTokenField
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.wording import hours, money

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MOST_CENTS = 100_000_000
MOST_MINUTES = 300_000


def tidy(text: str | None) -> str:
    """Text as it is kept: one kind of line end, no control characters, no blanks around it."""
    return CONTROLS.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def line(
    label: str,
    most: int = 200,
    *,
    required: str | None = None,
    hint: str = "",
    default: str | None = None,
    check: Callable[..., None] | None = None,
    **attributes: Any,
) -> StringField:
    """One line of text; `required` is the sentence said when it is empty, attributes go to the input."""
    checks = [*_checks(most, required), *([check] if check else [])]
    return StringField(label, checks, [tidy], hint, default=default, render_kw=attributes)


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
        text = tidy(valuelist[0]) if valuelist else ""
        self.data = None
        self.data = self.read(text) if text else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


def is_text(field: Field) -> bool:
    """Whether the field holds plain text, whose nothing is "" and not None."""
    return isinstance(field, StringField) and not isinstance(field, Typed)


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


def cents(text: str) -> int:
    """ "25", "$12.50", "1,200" and "free" as cents."""
    if text.lower() == "free":
        return 0
    plain = text.removeprefix("$").replace(",", "").strip()
    if not re.fullmatch(r"\d{1,9}(\.\d\d?)?", plain, re.ASCII):
        raise ValueError("Write dollars, such as 25 or 12.50; 0 is free.")
    amount = int(Fraction(plain) * 100)
    if amount > MOST_CENTS:
        raise ValueError("Write at most $1,000,000.")
    return amount


LENGTHS = (
    re.compile(r"(?P<h>\d{1,5}([.,]\d{1,4})?)\s*(h|hrs?|hours?)?"),
    re.compile(r"(?P<h>\d{1,5})\s*(h|hrs?|hours?)\s*(?P<m>\d{1,2})\s*(m|mins?|minutes?)?"),
    re.compile(r"(?P<h>\d{1,5}):(?P<m>[0-5]\d)"),
    re.compile(r"(?P<m>\d{1,6})\s*(m|mins?|minutes?)"),
)


def minutes(text: str) -> int:
    """ "6", "1.5", "1 h 30 min", "1:30" and "90 min" as minutes; never rounded."""
    plain = text.lower().replace(" and ", " ")
    for shape in LENGTHS:
        if found := shape.fullmatch(plain):
            parts = found.groupdict()
            length = Fraction((parts.get("h") or "0").replace(",", ".")) * 60 + int(parts.get("m") or 0)
            return _whole(length, text)
    raise ValueError("Write a length, such as 6, 1.5 or 1 h 30 min.")


def _whole(length: Fraction, text: str) -> int:
    if length.denominator != 1:
        raise ValueError(f"{text} hours are not whole minutes. Write hours and minutes, such as 1 h 20 min.")
    if length > MOST_MINUTES:
        raise ValueError("Write at most 5,000 hours.")
    return int(length)


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
    """One value of an enum; with `blank` also None, which the blank's words stand for."""

    def __init__(
        self, label: str, kind: type[StrEnum], names: Mapping[Any, str], blank: str | None = None, **more: Any
    ) -> None:
        nothing = [("", blank)] if blank is not None else []
        choices = [*nothing, *((member.value, names[member]) for member in kind)]
        super().__init__(label, coerce=lambda value: kind(value) if value else None, choices=choices, **more)


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
        if 0 <= index < len(self.entries):
            self.entries.pop(index)
            self._compact_indices()  # type: ignore[attr-defined]

    def fill(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Replace every row."""
        self.entries, self.last_index = [], -1
        for row in rows:
            self.append_entry(dict(row))

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
        _read_or_say(super().process_formdata, valuelist, "Write a date, such as 2027-01-14.")


class ClockField(TimeField):
    """A time of day; browsers send minutes, and some add seconds."""

    def __init__(self, label: str, validators: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(label, list(validators), format=["%H:%M", "%H:%M:%S"], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        _read_or_say(super().process_formdata, valuelist, "Write a time, such as 09:00.")


class MomentField(DateTimeLocalField):
    """A day and a time on the wall clock."""

    def __init__(self, label: str, validators: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(label, [*validators, this_century], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        _read_or_say(super().process_formdata, valuelist, "Write a day and a time, such as 2027-01-14T09:00.")


def _read_or_say(read: Callable[[list[str]], None], valuelist: list[str], sentence: str) -> None:
    """An empty field is None without a complaint; anything unreadable gets the sentence."""
    if not any(valuelist):
        return
    try:
        read(valuelist)
    except ValueError:
        raise ValueError(sentence) from None


def web_address(_form: Any, field: Field) -> None:
    """Whole addresses only; anything else, such as a script, is never made into a link."""
    if field.data and not re.match(r"https?://[^\s/]+\.[^\s]+$", field.data):
        raise ValidationError("Write the whole address, such as https://example.org/course.")


def says(form: Any, *names: str) -> bool:
    """Whether any of these fields has more than its default, or a problem; if so its fold stands open."""
    nothing: tuple[Any, ...] = (None, "", False, [], 0)
    fields = [form[name] for name in names if name in form]
    return any(
        field.errors or (field.data not in nothing and field.data != field.default) for field in fields
    )


def differences(typed: Any, saved: Any) -> list[tuple[str, str]]:
    """Label and saved value of each field that reads differently in the other form."""
    found = []
    for field in saved:
        if field.name in typed and not isinstance(field, CSRFTokenField | FormField):
            ours, theirs = _shown(typed[field.name]), _shown(field)
            if ours != theirs:
                found.append((field.label.text, theirs or "nothing"))
    return found


def _shown(field: Field) -> str:
    if isinstance(field, FieldList):
        return "; ".join(filter(None, (_shown(entry) for entry in field.entries if entry.data)))
    if isinstance(field, FormField):
        return ", ".join(
            filter(None, (_shown(inner) for inner in field.form if not isinstance(inner, HiddenField)))
        )
    if isinstance(field, SelectField):
        return next((str(option.label.text) for option in field if option.checked), "")
    if isinstance(field, BooleanField):
        return "yes" if field.data else ""
    value: Any = getattr(field, "_value", str)
    return str(value() or "")


def say(form: Any, sentences: Mapping[str, str]) -> None:
    """Put each sentence beside the field with that name, or above the form when there is none."""
    for name, sentence in sentences.items():
        if not _say(form, name, sentence):
            form.form_errors.append(sentence)


def _say(fields: Iterable[Field], name: str, sentence: str) -> bool:
    for field in fields:
        if field.name == name:
            field.errors = [*field.errors, sentence]
            return True
        rows = getattr(field, "entries", None)
        inner = rows if rows is not None else getattr(field, "form", None)
        if inner is not None and _say(inner, name, sentence):
            if rows is not None:
                field.errors = [row.errors for row in rows]
            return True
    return False
