"""The file that is uploaded, and what the trainer says of those in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, Form, SelectField, StringField
from wtforms.validators import DataRequired, Length

from catalog.accounts.forms import EMAIL
from catalog.video.names import clean
from catalog.video.services import Newcomer
from catalog.video.settling import NEW, Found, Settled
from catalog.wording import ZONE_NAMES, zone_name


def zones(own: str) -> list[tuple[str, str]]:
    """The session's own zone first, then those a report may be in."""
    others = [(zone, name) for zone, name in ZONE_NAMES.items() if zone != own]
    return [(own, f"{zone_name(own)}, as the session"), *others]


class ZoneForm(FlaskForm):
    zone = SelectField("The times in the report are in", validate_choice=True)

    def __init__(self, own: str, **more: Any) -> None:
        super().__init__(**more)
        self.zone.choices = zones(own)


class UploadForm(ZoneForm):
    report = FileField(
        "The report, a CSV file",
        [FileRequired("Choose the file of the report.")],
        render_kw={"accept": ".csv,.tsv,.txt,text/csv,text/plain"},
    )


class NewcomerForm(Form):
    name = StringField(
        "Name",
        [
            DataRequired("Enter their name as it should stand on a certificate."),
            Length(max=120, message="Use at most 120 characters."),
        ],
    )
    email = EmailField("Email address", EMAIL)


@dataclass(frozen=True)
class Said:
    """Everything one form said. `newcomers` are the forms of walk-ins by participant."""

    settled: Settled
    newcomers: Mapping[int, NewcomerForm] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Whether every walk-in has a name and an address."""
        wrong = [number for number, form in self.newcomers.items() if not form.validate()]
        return not wrong

    @property
    def people(self) -> dict[int, Newcomer]:
        return {
            number: Newcomer(str(form.name.data).strip(), str(form.email.data).strip())
            for number, form in self.newcomers.items()
        }


def read(sent: MultiDict[str, str]) -> Said:
    """The fields who-3, takes-17, was-17, absent-17 and new-3-name of the form on the page."""
    who = _numbered(sent, "who")
    settled = Settled(
        who=who,
        takes=_numbered(sent, "takes"),
        was=_numbered(sent, "was"),
        absent=frozenset(_numbered(sent, "absent")),
        rest_is_out="rest_is_out" in sent,
        is_sent=True,
    )
    chosen = [number for number, answer in who.items() if answer == NEW]
    return Said(settled, {number: NewcomerForm(sent, prefix=f"new-{number}-") for number in chosen})


def _numbered(sent: MultiDict[str, str], name: str) -> dict[int, str]:
    found = {}
    for key, value in sent.items():
        start, dash, number = key.partition("-")
        if start == name and dash and number.isdecimal() and len(number) < 12:
            found[int(number)] = value
    return found


def newcomer_forms(found: Iterable[Found], said: Said | None) -> dict[int, NewcomerForm]:
    """A form for everybody who may be a walk-in, with what the report says of them already in it."""
    forms = dict(said.newcomers) if said else {}
    for one in found:
        if one.number not in forms:
            email = one.participant.emails[0] if one.participant.emails else ""
            name = clean(one.participant.name.partition(" / ")[0])[:120]
            forms[one.number] = NewcomerForm(prefix=f"new-{one.number}-", data={"name": name, "email": email})
    return forms
