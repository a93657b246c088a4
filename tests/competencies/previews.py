"""What a browser does with the page that is shown before something is saved."""

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Hidden(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.action = ""
        self.is_ours = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.is_ours = given.get("class") == "form"
            self.action = given.get("action") or "" if self.is_ours else self.action
        if tag == "input" and given.get("type") == "hidden" and self.is_ours:
            self.fields.setdefault(str(given["name"]), []).append(given.get("value") or "")


def press(browser: FlaskClient, page: TestResponse, step: str, **changed: str) -> TestResponse:
    """Send the form of the preview by one of its buttons; `changed` are fields that somebody tampered with."""
    hidden = Hidden(page.text)
    fields = {name: values for name, values in hidden.fields.items() if name != "csrf_token"}
    return browser.post(hidden.action, data={**fields, "step": step, **changed})


def save(browser: FlaskClient, url: str, **data: str | list[str]) -> TestResponse:
    """Send a form and, where its preview is shown, save it."""
    answer = browser.post(url, data=data)
    if answer.status_code == 200 and "Not saved yet" in answer.text:
        return press(browser, answer, "save")
    return answer
