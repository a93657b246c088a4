"""Talking to the provider that OIDC_ISSUER names, and believing what it says (OpenID Connect, code flow with PKCE).

Only addresses that the provider itself publishes are asked, over https, and no answer leads us anywhere else: a
redirect is an error. Each request ends after a few seconds. Nothing here touches the database."""

import importlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from catalog import clock
from catalog.config import Organisation
from catalog.errors import RuleBroken

TIMEOUT = (5, 10)
"""Seconds to reach the provider, and to wait for each part of its answer."""
REMEMBERED = timedelta(hours=1)
SCOPE = "openid email profile"
SIGNED_WITH = ("RS256", "PS256", "ES256")
"""How an ID token may be signed. Not "none", and nothing that is signed with a secret both sides know."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""


class ProviderAway(RuleBroken):
    """It does not answer, or not as a provider does."""

    sentence = "Your organisation's sign-in does not answer. Try again later, or sign in with your password."


class NotBelieved(RuleBroken):
    """It answered, and what it said does not hold. The reason is for the log: `str(error.__cause__)`."""

    sentence = "Your organisation's sign-in could not be confirmed. Please begin again."


class Going(NamedTuple):
    """A way to the provider: where to, and what whoever comes back is held against."""

    url: str
    state: str
    nonce: str
    verifier: str


class Claims(NamedTuple):
    """Who the provider says it is."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    has_factor: bool


class Places(NamedTuple):
    """Where the provider says its parts are."""

    authorization: str
    token: str
    keys: str
    person: str
    auth_method: str


def way_there(organisation: Organisation, back: str, random: Callable[[], str]) -> Going:
    """`back` is our address to come back to; `random` gives a new long random text. Raises ProviderAway."""
    state, nonce, verifier = random(), random(), random()
    with _session(organisation, back) as session:
        url, _ = session.create_authorization_url(
            _places(organisation).authorization, state=state, code_verifier=verifier, nonce=nonce
        )
    return Going(str(url), state, nonce, verifier)


def claims_of(organisation: Organisation, code: str, back: str, nonce: str, verifier: str) -> Claims:
    """Who came back with this code. Raises ProviderAway or NotBelieved."""
    places = _places(organisation)
    with _session(organisation, back, places.auth_method) as session:
        answer = _fetch_token(session, places, code, verifier)
        said = _believed(organisation, str(answer.get("id_token") or ""), nonce, session)
        if "email" not in said and places.person:
            said = {**_asked(session, places.person, said["sub"]), **said}
    email = said.get("email")
    return Claims(
        issuer=organisation.issuer,
        subject=said["sub"],
        email=email if isinstance(email, str) else "",
        email_verified=(said.get("email_verified") is True or said.get("email_verified") == "true"),
        name=said["name"] if isinstance(said.get("name"), str) else "",
        has_factor=organisation.vouches_for_factor and _shows_factor(said),
    )


def _fetch_token(session: Any, places: Places, code: str, verifier: str) -> dict[str, Any]:
    try:
        return dict(
            session.fetch_token(
                places.token,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                timeout=TIMEOUT,
            )
        )
    except _requests().RequestException as error:
        raise ProviderAway from error
    except (_authlib().OAuthError, ValueError) as error:
        raise NotBelieved from error


def _believed(organisation: Organisation, token: str, nonce: str, session: Any) -> dict[str, Any]:
    """What the ID token says, once its signature, issuer, audience, time and nonce have been checked."""
    jose, errors = _jose(), importlib.import_module("joserfc.errors")
    try:
        try:
            read = jose.decode(token, _keys(organisation, session), algorithms=list(SIGNED_WITH))
        except errors.InvalidKeyIdError:  # the provider may have changed its keys since
            read = jose.decode(token, _keys(organisation, session, anew=True), algorithms=list(SIGNED_WITH))
        jose.JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": organisation.issuer},
            aud={"essential": True, "value": organisation.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(read.claims)
    except (errors.JoseError, ValueError, TypeError, KeyError) as error:
        raise NotBelieved from error
    said: dict[str, Any] = read.claims
    many = isinstance(said["aud"], list) and len(said["aud"]) > 1
    if said.get("azp", None if many else organisation.client_id) != organisation.client_id:
        raise NotBelieved from ValueError("it was made for another program")
    if not 0 < len(said["sub"]) <= 255:
        raise NotBelieved from ValueError("its subject is empty or too long")
    return said


def _asked(session: Any, place: str, subject: str) -> dict[str, Any]:
    """More about the person, for providers that keep the address out of the token."""
    more = _get(session, place, withhold_token=False)
    if more.get("sub") != subject:
        raise NotBelieved from ValueError("the provider spoke of two people")
    return more


def _shows_factor(said: dict[str, Any]) -> bool:
    """`amr` says which ways of showing who one is were used (RFC 8176), `acr` how sure the provider is."""
    ways = said.get("amr")
    return "mfa" in (ways if isinstance(ways, list) else ()) or said.get("acr") == "mfa"


# Where things are, remembered for an hour in each process.

_remembered: dict[tuple[str, str], tuple[datetime, Any]] = {}


def _remember(organisation: Organisation, what: str, ask: Callable[[], Any], *, anew: bool = False) -> Any:
    key, now = (organisation.issuer, what), clock.now()
    found = _remembered.get(key)
    if found is None or anew or found[0] <= now:
        found = _remembered[key] = (now + REMEMBERED, ask())
    return found[1]


def forget() -> None:
    """Ask the provider everything anew."""
    _remembered.clear()


def _places(organisation: Organisation) -> Places:
    def ask() -> Places:
        with _session(organisation, "") as session:
            told = _get(session, organisation.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if told.get("issuer") != organisation.issuer:
            raise ProviderAway from ValueError(f"it calls itself {told.get('issuer')}")
        methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Places(
            _safe(told, "authorization_endpoint"),
            _safe(told, "token_endpoint"),
            _safe(told, "jwks_uri"),
            _safe(told, "userinfo_endpoint") if told.get("userinfo_endpoint") else "",
            "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post",
        )

    places: Places = _remember(organisation, "places", ask)
    return places


def _keys(organisation: Organisation, session: Any, *, anew: bool = False) -> Any:
    def ask() -> Any:
        return importlib.import_module("joserfc.jwk").KeySet.import_key_set(
            _get(session, _places(organisation).keys)
        )

    return _remember(organisation, "keys", ask, anew=anew)


def _safe(told: dict[str, Any], name: str) -> str:
    """An address that the provider gave: https, or http on this machine, where the issuer is there, too."""
    address = told.get(name)
    url = urlsplit(address if isinstance(address, str) else "")
    is_local = url.scheme == "http" and url.hostname in ("localhost", "127.0.0.1", "::1")
    ours = urlsplit(told["issuer"])
    if url.scheme != "https" and not (is_local and ours.scheme == "http"):
        raise ProviderAway from ValueError(f"its {name} is no safe address")
    return str(address)


def _get(session: Any, address: str, *, withhold_token: bool = True) -> dict[str, Any]:
    try:
        answer = session.get(address, timeout=TIMEOUT, withhold_token=withhold_token)
        answer.raise_for_status()
        told = answer.json()
    except (_requests().RequestException, ValueError) as error:
        raise ProviderAway from error
    if not isinstance(told, dict):
        raise ProviderAway from ValueError("its answer is no object")
    return told


def _session(organisation: Organisation, back: str, auth_method: str = "client_secret_basic") -> Any:
    session = _authlib().OAuth2Session(
        organisation.client_id,
        organisation.client_secret,
        token_endpoint_auth_method=auth_method,
        scope=SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
    )
    # The first redirect is one too many: it could lead to an address inside our own network.
    session.max_redirects = 0
    return session


@cache
def _authlib() -> Any:
    return importlib.import_module("authlib.integrations.requests_client")


@cache
def _requests() -> Any:
    return importlib.import_module("requests")


@cache
def _jose() -> Any:
    return importlib.import_module("joserfc.jwt")
