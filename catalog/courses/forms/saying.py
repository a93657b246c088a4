"""Saying things about a form: a refusal beside its field, what is folded open, how two of them differ."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, SelectField
from wtforms.csrf.core import CSRFTokenField


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
