"""What people want to be told, where it goes, and in which words."""

import re

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.accounts.models import Person
from catalog.notices.letters import About, Letter, all_letters, missing, unknown

GROUPS = {
    About.REMINDER: "Reminders",
    About.NEWS: "News you asked for",
    About.DESK: "Work that waits for you",
    About.ACCOUNT: "Getting into an account",
    About.BOOKING: "About your own seats, hours, work and account",
}
"""What a letter is about, in words."""


def _one_line(text: str | None) -> str:
    return " ".join(_plain(text).split())


def _plain(text: str | None) -> str:
    """One kind of line end, no other control characters, no blank lines around it."""
    kept = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", kept).strip()


def _ticks(about: About) -> SelectMultipleField:
    return SelectMultipleField(
        GROUPS[about], option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )


class WishesForm(FlaskForm):
    """One tick for each kind of letter that this person could get and can do without."""

    reminder = _ticks(About.REMINDER)
    news = _ticks(About.NEWS)
    desk = _ticks(About.DESK)

    def __init__(self, person: Person, muted: set[str]) -> None:
        shown = letters_for(person)
        wanted = {
            about.value: [one.kind for one in shown if one.about == about and one.kind not in muted]
            for about in GROUPS
        }
        super().__init__(data=wanted)
        self.shown = [one for one in shown if one.can_be_muted]
        for about in (About.REMINDER, About.NEWS, About.DESK):
            self[about.value].choices = [(one.kind, one.label) for one in shown if one.about == about]

    @property
    def groups(self) -> list[SelectMultipleField]:
        return [field for field in (self.reminder, self.news, self.desk) if field.choices]

    @property
    def wanted(self) -> set[str]:
        return {kind for field in self.groups for kind in field.data or ()}


def letters_for(person: Person) -> list[Letter]:
    """Those that they could get, as things stand."""
    has_desk = person.is_trainer or person.is_coordinator
    return [one for one in all_letters() if has_desk or one.about != About.DESK]


class SecondAddressForm(FlaskForm):
    second_email = EmailField(
        "Second address",
        [
            Optional(),
            Email("Enter an address like name@example.org.", allow_smtputf8=False),
            Length(max=254, message="Enter an address of at most 254 characters."),
        ],
        [_one_line],
        description="Letters go there when the address you sign in with takes no mail: many employers block it.",
        render_kw={"autocomplete": "email"},
    )


class LetterForm(FlaskForm):
    """`version` is that of the words which were edited."""

    version = HiddenField()
    subject = StringField(
        "Subject",
        [DataRequired("Write a subject."), Length(max=150, message="Use at most 150 characters.")],
        [_one_line],
    )
    body = TextAreaField(
        "Text",
        [
            DataRequired("Write what the letter says."),
            Length(max=5000, message="Use at most 5000 characters."),
        ],
        [_plain],
        description="A blank line begins a new paragraph; lines that begin with a dash and a blank make a list.",
        render_kw={"rows": 14},
    )

    def __init__(self, letter: Letter, **more: object) -> None:
        super().__init__(**more)
        self.letter = letter

    @property
    def seen(self) -> int:
        text = str(self.version.data or "")
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1

    def validate_subject(self, field: StringField) -> None:
        self._refuse_unknown(field.data or "")

    def validate_body(self, field: TextAreaField) -> None:
        self._refuse_unknown(field.data or "")
        if lacking := missing(field.data or "", self.letter):
            raise ValidationError(
                f"Keep {_braced(lacking)}: without it nobody finds the way from this letter."
            )

    def _refuse_unknown(self, words: str) -> None:
        if wrong := unknown(words, self.letter):
            there_are = _braced(sorted(self.letter.sample))
            raise ValidationError(f"{_braced(wrong)} cannot be filled in here. There are: {there_are}.")


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
