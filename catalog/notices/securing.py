"""The letters about getting into an account. They cannot be switched off, go to exactly the address they are about,
and name nobody to an address that nobody has proven."""

from collections.abc import Mapping

from flask import current_app

from catalog.accounts.mailing import by_mail
from catalog.accounts.models import Person
from catalog.notices.letters import About, Letter, letter
from catalog.notices.services import send_to

SITE = {"site": "Early Years Learning"}
SAMPLE = "https://learning.example.org"
LEAVE = "If that was not you, leave this letter; nothing else happens."


def _letter(kind: str, label: str, subject: str, body: str, **sample: str) -> Letter:
    values = {"sign_in": f"{SAMPLE}/sign-in", "forgot": f"{SAMPLE}/reset", **SITE, **sample}
    return letter(f"account.{kind}", label, About.ACCOUNT, subject=subject, body=body, sample=values)


LETTERS = {
    "sign_up": _letter(
        "sign_up",
        "Somebody wants an account",
        "Open your account at {site}",
        "Somebody, probably you, wants an account at {site} with this address. Open it here, with your name and a "
        f"password:\n\n{{link}}\n\nThe link works once, for a day. {LEAVE}",
        link=f"{SAMPLE}/sign-up/abc",
    ),
    "known": _letter(
        "known",
        "Somebody wants an account who has one",
        "You have an account at {site} already",
        "{name},\n\nsomebody, probably you, wanted to open an account at {site} with this address. You have one "
        f"already. Sign in here:\n\n{{sign_in}}\n\nIf the password is forgotten, choose another one:\n\n{{forgot}}"
        f"\n\n{LEAVE}",
    ),
    "claim": _letter(
        "claim",
        "Somebody wants an account whom one was made for",
        "Your account: choose a password",
        "{name},\n\nthere is an account with this address that has no password yet. Choose one here:\n\n{link}\n\n"
        f"The link works once, for thirty days. {LEAVE}",
        link=f"{SAMPLE}/claim/abc",
    ),
    "merged": _letter(
        "merged",
        "Somebody wants into an account that was joined with another",
        "Your account has another address",
        "{name},\n\nthe account with this address was joined with another one of yours. Sign in with the address "
        f"{{other}} instead:\n\n{{sign_in}}\n\n{LEAVE}",
        other="a…@e….org",
    ),
    "reset": _letter(
        "reset",
        "Somebody forgot their password",
        "Choose a new password",
        "{name},\n\nsomebody, probably you, wants to choose a new password for your account. Do it here:\n\n{link}"
        "\n\nThe link works once, for an hour; until then the old password stays. If that was not you, leave this "
        "letter.",
        link=f"{SAMPLE}/reset/abc",
    ),
    "reset_nobody": _letter(
        "reset_nobody",
        "Somebody forgot the password of an account that is not there",
        "There is no account with this address",
        "Somebody, probably you, wants to choose a new password at {site}. There is no account with this address: "
        f"it may have another one of yours.\n\n{LEAVE}",
    ),
    "verify": _letter(
        "verify",
        "An address is to be confirmed",
        "Confirm your address",
        "{name},\n\nconfirm that this address is yours, so that seats can be kept for you:\n\n{link}\n\nThe link is "
        "good for a day. If you have no account here, leave this letter.",
        link=f"{SAMPLE}/verify/abc",
    ),
    "address_new": _letter(
        "address_new",
        "An account is to have this address",
        "Confirm your new address",
        "Somebody, probably you, wants this address for their account at {site}. Confirm it here:\n\n{link}\n\nThe "
        f"link works once, for a day. {LEAVE}",
        link=f"{SAMPLE}/address/abc",
    ),
    "address_taken": _letter(
        "address_taken",
        "An account is to have an address that another one has",
        "This address has an account already",
        "Somebody, probably you, wants this address for another account at {site}. There is an account with it "
        "already, so nothing was changed. If both are yours, ask a coordinator to join them.\n\n"
        "If that was not you, leave this letter.",
    ),
    "address_old": _letter(
        "address_old",
        "An account is to have another address",
        "Your account is to have another address",
        "{name},\n\nsomebody who knows your password asked that your account has the address {new} from now on. If "
        "that was you, confirm it there. If it was not you, say so here: the address stays, everything that is "
        "signed in is signed out, and you choose a new password.\n\n{link}\n\nThe link is good for seven days.",
        new="n…@e….org",
        link=f"{SAMPLE}/not-me/abc",
    ),
    "new_device": _letter(
        "new_device",
        "Somebody signed in on a device that they were not signed in on",
        "New sign-in: {device}",
        "{name},\n\nyour account was signed in to on a device that you were not signed in on before:\n\n{device}\n"
        "{when}\n\nIf that was you, all is well. If it was not you, end that sign-in here, and choose another "
        "password:\n\n{link}",
        device="Firefox on Windows",
        when="Tue 12 Jan 2027, 4:10 pm (Central time)",
        link=f"{SAMPLE}/account/sign-ins",
    ),
    "password_changed": _letter(
        "password_changed",
        "A password was changed",
        "Your password was changed",
        "{name},\n\nthe password of your account was changed just now, and everything that was signed in is signed "
        "out. If that was you, all is well. If it was not you, choose another one at once:\n\n{forgot}",
    ),
}


@by_mail
def _write(kind: str, address: str, person: Person | None, values: Mapping[str, str]) -> None:
    settings = current_app.config["CATALOG"]
    known = {
        "site": settings.site_name,
        "sign_in": f"{settings.site_url}/sign-in",
        "forgot": f"{settings.site_url}/reset",
    }
    send_to(address, LETTERS[kind], {**known, **values}, person=person)
