"""What people are told when the way they sign in changes. These letters always come."""

from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.notices.letters import About, letter
from catalog.notices.services import send
from catalog.wording import moment

IF_NOT_YOU = (
    "If that was not you, sign in, remove what you do not know under My account, and change your password. "
    "If you cannot get in any more, answer this letter."
)

CHANGED = letter(
    "factor.changed",
    "The second step at sign-in was changed",
    About.BOOKING,
    subject="Your sign-in: {what}",
    body=f"{{name}},\n\n{{sentence}}\n{{when}}\n\n{IF_NOT_YOU}",
    sample={
        "what": "a passkey was added",
        "sentence": "The passkey “My phone” was added to your account.",
        "when": "Tue 12 Jan 2027, 4:10 pm",
    },
)
CODE_USED = letter(
    "factor.code_used",
    "A recovery code was used",
    About.BOOKING,
    subject="Your sign-in: a recovery code was used",
    body=f"{{name}},\n\nOne of your recovery codes was used. {{left}}\n{{when}}\n\n{IF_NOT_YOU}",
    sample={"left": "9 of them are left.", "when": "Tue 12 Jan 2027, 4:10 pm"},
)
WRONG_CODES = letter(
    "factor.wrong_codes",
    "Somebody knows the password and not the code",
    About.BOOKING,
    subject="Your sign-in: several wrong codes",
    body="{name},\n\nSomebody gave your right password and then several wrong codes. They did not get in.\n{when}\n\n"
    "If that was not you, somebody knows your password: choose another one today.",
    sample={"when": "Tue 12 Jan 2027, 4:10 pm"},
)


def changed(person: Person, what: str, sentence: str) -> None:
    send(person, CHANGED, {"what": what, "sentence": sentence, "when": _now(person)})


def code_used(person: Person, left: int) -> None:
    words = {0: "None is left: make new ones.", 1: "One is left: make new ones."}
    send(person, CODE_USED, {"left": words.get(left, f"{left} of them are left."), "when": _now(person)})


def wrong_codes(person: Person) -> None:
    """At most once a day."""
    key = f"wrong codes {person.id} {clock.now():%Y-%m-%d}"
    send(person, WRONG_CODES, {"when": _now(person)}, dedupe_key=key)


def _now(person: Person) -> str:
    settings: Settings = current_app.config["CATALOG"]
    zone = person.zone or settings.site_zone
    return moment(clock.now(), zone)
