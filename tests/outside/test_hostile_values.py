"""Whatever somebody sends, in an address or a form, is answered by a page of ours: never an error, never as markup.

A few values for each place are tried in the suite; `HOSTILE=all` tries every one everywhere."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from catalog.accounts.models import Person
from tests.factories import Cast
from tests.outside import hostile
from tests.outside.hostile import BROKEN_BYTES, MARK, TYPED, Form, Forms, drawn, names_read, spelled

LoginAs = Callable[[Person], FlaskClient]
Numbers = dict[str, int | str]
ROLES = ["stranger", "ana", "ivo", "mira", "ada"] if hostile.EVERYTHING else ["stranger", "ana", "ivo", "ada"]
"""An administrator sees what a coordinator does; by day one of the two is enough."""
LEFT_OUT = {"static", "accounts.sign_out"}


class Finds:
    """What went wrong, gathered so that one run names all of it."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser
        self.found: dict[str, str] = {}

    def get(self, url: str, where: str) -> str:
        return self._ask("get", url, where)

    def post(self, url: str, where: str, **sent: Any) -> str:
        return self._ask("post", url, where, **sent)

    def _ask(self, method: str, url: str, where: str, **sent: Any) -> str:
        try:
            answer = getattr(self.browser, method)(url, **sent)
        except Exception as error:  # a test's application lets it through instead of showing its page
            self.found.setdefault(where, f"{type(error).__name__}: {error}"[:300])
            return ""
        if answer.status_code >= 500:
            self.found.setdefault(where, str(answer.status_code))
        if not answer.mimetype.startswith("text/html"):
            return ""
        text: str = answer.text
        for mark in hostile.not_escaped(text):
            self.found.setdefault(f"{where} shows {mark}", url[:200])
        return text


@pytest.fixture
def browse_as(app: Flask, cast: Cast, login_as: LoginAs, numbers: Numbers) -> Callable[[str], Finds]:
    def browse_as(role: str) -> Finds:
        app.config["WTF_CSRF_ENABLED"] = False
        return Finds(app.test_client() if role == "stranger" else login_as(getattr(cast, role)))

    return browse_as


def pages(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in LEFT_OUT
    ]


def address(app: Flask, rule: Rule, numbers: Numbers) -> str:
    given = {name: numbers.get(name, 1) for name in rule.arguments}
    return str(app.url_map.bind("").build(rule.endpoint, given))


@pytest.mark.parametrize("role", ROLES)
def test_addresses(app: Flask, numbers: Numbers, browse_as: Callable[[str], Finds], role: str) -> None:
    """All names at once, and each of those that the page itself uses; twice in one address, and in broken bytes."""
    look = browse_as(role)
    for rule in pages(app):
        url = address(app, rule, numbers)
        plain = look.get(url, rule.endpoint)
        if not plain and not hostile.EVERYTHING:
            continue
        for value in drawn(f"{role} {rule.endpoint}", TYPED, 3):
            every = "&".join(f"{name}={spelled(value)}" for name in names_read())
            look.get(f"{url}?{every}", f"{rule.endpoint} all {value[:30]!r}")
        asked = Forms(plain)
        names = asked.asked | {name for form in asked.found if form.method == "get" for name in form.names}
        for name in sorted(names):
            for value in drawn(f"{role} {rule.endpoint} {name}", TYPED[1:], 1):
                twice = f"{url}?{name}={spelled(value)}&{name}={spelled(MARK)}&{name}[]=1"
                look.get(twice, f"{rule.endpoint} {name} {value[:30]!r}")
        for broken in drawn(f"{role} {rule.endpoint}", BROKEN_BYTES, 1):
            every = "&".join(f"{name}={broken}" for name in names_read())
            look.get(f"{url}?{every}&{broken}={broken}", f"{rule.endpoint} bytes {broken}")
    assert look.found == {}


@pytest.mark.parametrize("role", ["stranger", "mira"])
def test_parts_of_addresses(app: Flask, browse_as: Callable[[str], Finds], role: str) -> None:
    look = browse_as(role)
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            continue
        values = [spelled(value) for value in drawn(rule.rule, TYPED, 2)]
        for value in [
            *values,
            *drawn(rule.rule, BROKEN_BYTES, 2),
            "..%2f..%2fwsgi.py",
            "%2e%2e/%2e%2e/wsgi.py",
        ]:
            url = value.join(re.split(r"<[^>]+>", rule.rule))
            if "GET" in (rule.methods or ()):
                look.get(url, f"GET {rule.rule} {value[:30]}")
            else:
                look.post(url, f"POST {rule.rule} {value[:30]}")
    assert look.found == {}


@pytest.mark.parametrize("role", ROLES)
def test_forms(app: Flask, numbers: Numbers, browse_as: Callable[[str], Finds], role: str) -> None:
    """Each field by itself with the rest as it stood, then all at once; then every page, for what was kept."""
    look = browse_as(role)
    forms: dict[tuple[str, ...], Form] = {}
    for rule in pages(app):
        url = address(app, rule, numbers)
        for form in Forms(look.get(url, rule.endpoint)).found:
            if form.method == "post" and form.action != "/sign-out":
                form.action = form.action or url
                forms.setdefault((re.sub("[0-9]+", "N", form.action), *form.names), form)
    assert role == "stranger" or len(forms) > 10
    # Those with the fewest fields last: what they end is gone for the others.
    for form in sorted(forms.values(), key=lambda form: -len(form.names)):
        _send(look, form, role)
    for rule in pages(app):
        look.get(address(app, rule, numbers), f"{rule.endpoint} afterwards")
    assert look.found == {}


def _send(look: Finds, form: Form, role: str) -> None:
    where = f"{role} POST {re.sub('[0-9]+', 'N', form.action)}"
    for name in form.names:
        for value in drawn(f"{role} {form.action} {name}", TYPED[len(name) % 2 :], 1):
            sent = [pair for pair in form.given if pair[0] != name] + [(name, value)]
            look.post(form.action, f"{where} {name} {value[:30]!r}", **_body(sent))
    for value in drawn(f"{role} {form.action}", TYPED, 2):
        look.post(form.action, f"{where} all {value[:30]!r}", **_body([(n, value) for n in form.names]))
    for broken in drawn(f"{role} {form.action}", BROKEN_BYTES, 1):
        body = "&".join(f"{name}={broken}" for name in form.names)
        look.post(
            form.action,
            f"{where} bytes {broken}",
            data=body,
            content_type="application/x-www-form-urlencoded",
        )


def _body(sent: list[tuple[str, str]]) -> dict[str, str]:
    """As a browser sends a form; half a character as its bytes."""
    pairs = [(name, value.encode("utf-8", "surrogatepass")) for name, value in sent]
    return {"data": urlencode(pairs), "content_type": "application/x-www-form-urlencoded"}
