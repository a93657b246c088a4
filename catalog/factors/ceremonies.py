"""What is said to a browser about passkeys, and what its answers are held against (WebAuthn).

The site and its origin come from SITE_URL: what a request calls its host decides nothing. The library takes a quarter
of a second to load, so it is loaded when the first passkey is asked for."""

import base64
import importlib
import json
import secrets
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import current_app

from catalog.accounts.models import Person
from catalog.config import Settings

LONGEST = 20_000
"""Characters of an answer; real ones have one or two thousand."""
USUAL_PORTS = {"http": 80, "https": 443}


class New(NamedTuple):
    """What a browser made to be added."""

    credential_id: str
    public_key: bytes
    sign_count: int


def new_challenge() -> bytes:
    return secrets.token_bytes(32)


def new_handle() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def to_add(challenge: bytes, person: Person, handle: str, known: Iterable[str]) -> str:
    """JSON for `navigator.credentials.create`: a key that can be found without a name and checks who holds it."""
    structs = _structs()
    options = _webauthn().generate_registration_options(
        rp_id=_site_id(),
        rp_name=_settings().site_name,
        user_id=base64.urlsafe_b64decode(handle),
        user_name=person.email,
        user_display_name=person.name,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return str(_webauthn().options_to_json(options))


def to_show(challenge: bytes, known: Iterable[str]) -> str:
    """JSON for `navigator.credentials.get`; without known keys the browser offers whichever it has for the site."""
    options = _webauthn().generate_authentication_options(
        rp_id=_site_id(),
        challenge=challenge,
        allow_credentials=_descriptors(known),
        user_verification=_structs().UserVerificationRequirement.REQUIRED,
    )
    return str(_webauthn().options_to_json(options))


def added(answer: str, challenge: bytes) -> New | None:
    """The key that was made for this challenge, at this site; None for anything else."""
    try:
        found = _webauthn().verify_registration_response(
            credential=answer[:LONGEST],
            expected_challenge=challenge,
            expected_rp_id=_site_id(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except _refusals():
        return None
    name = base64.urlsafe_b64encode(found.credential_id).rstrip(b"=").decode()
    return New(name, found.credential_public_key, found.sign_count)


def signed(answer: str, challenge: bytes, public_key: bytes) -> int | None:
    """The key's count, where it signed this challenge at this site, after checking who holds it; else None.

    Whether the count has grown is looked at where it is written, so that it holds for two at once."""
    try:
        found = _webauthn().verify_authentication_response(
            credential=answer[:LONGEST],
            expected_challenge=challenge,
            expected_rp_id=_site_id(),
            expected_origin=_origin(),
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _refusals():
        return None
    return int(found.new_sign_count)


def credential_of(answer: str) -> str:
    """Which key an answer says it is from; "" where it says nothing that could be read."""
    try:
        found = json.loads(answer[:LONGEST])
    except (ValueError, RecursionError):
        return ""
    named = found.get("id") if isinstance(found, dict) else None
    return named if isinstance(named, str) and named.isascii() and "\0" not in named else ""


def _settings() -> Settings:
    settings: Settings = current_app.config["CATALOG"]
    return settings


def _site_id() -> str:
    return urlsplit(_settings().site_url).hostname or ""


def _origin() -> str:
    """As a browser writes it: in lower case, and without the port that goes without saying."""
    url = urlsplit(_settings().site_url)
    port = "" if url.port in (None, USUAL_PORTS[url.scheme]) else f":{url.port}"
    host = url.hostname or ""
    return f"{url.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _descriptors(known: Iterable[str]) -> list[Any]:
    return [
        _structs().PublicKeyCredentialDescriptor(id=base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)))
        for name in known
    ]


@cache
def _webauthn() -> Any:
    return importlib.import_module("webauthn")


def _structs() -> Any:
    return importlib.import_module("webauthn.helpers.structs")


def _refusals() -> tuple[type[Exception], ...]:
    """What the library raises for answers that do not hold, and for those that are no answers at all."""
    refused = importlib.import_module("webauthn.helpers.exceptions").WebAuthnException
    return refused, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError
