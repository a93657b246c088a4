"""What people do in this year, done as a browser does it: pages are opened, their forms are sent."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog import clock
from catalog.accounts import proofs
from tests.courses.desk import course_fields, meeting_fields, offering_fields

PASSWORD = "a few plain words"
STAYS = timedelta(days=20)


class Refused(AssertionError):
    """A screen said no where the plan says yes; the message is what it said."""


class Browser:
    """One person's browser. It signs in when it is first used, and again before the sign-in has run out."""

    def __init__(self, app: Flask, email: str) -> None:
        self.email = email
        self.client: FlaskClient = app.test_client()
        self.since: datetime | None = None

    def get(self, url: str) -> TestResponse:
        self._sign_in()
        answer = self.client.get(url)
        if answer.status_code != 200:
            raise Refused(f"GET {url}: {answer.status_code}")
        return answer

    def post(self, url: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        self._sign_in()
        answer = self.client.post(url, data=dict(data or {}))
        if answer.status_code not in (302, 303):
            said = re.findall(
                r'<li><span class="visually-hidden">Error: </span>(.*?)</li>|role="alert">(.*?)<', answer.text
            )
            raise Refused(f"POST {url}: {answer.status_code} {said}")
        return answer

    def sign_up(self, name: str) -> None:
        """By the link that is mailed to them."""
        with self.client.application.app_context():
            key = proofs.SIGN_UP.key_for(self.email, "/")
        self._sent(f"/sign-up/{key}", {"name": name, "password": PASSWORD})

    def _sign_in(self) -> None:
        if self.since is None or clock.now() - self.since > STAYS:
            self._sent("/sign-in", {"email": self.email, "password": PASSWORD})

    def _sent(self, url: str, data: dict[str, str]) -> None:
        answer = self.client.post(url, data=data)
        if answer.status_code != 303:
            raise Refused(f"{url} as {self.email}: {answer.status_code}")
        self.since = clock.now()


def number_in(location: str | None) -> int:
    found = re.search(r"/(\d+)", location or "")
    assert found, location
    return int(found[1])


# What trainers and coordinators do.


def write_course(
    trainer: Browser, coordinator: Browser, area_id: int, topics: list[str], **typed: Any
) -> int:
    """Written, mapped and sent by the trainer, published by the coordinator."""
    course_id = number_in(trainer.post("/courses", course_fields(**typed)).location)
    mapping = f"/courses/{course_id}/mapping"
    trainer.post(mapping, {"version": "1", f"area_{area_id}-on": "y", f"area_{area_id}-topics": topics})
    review = f"/courses/{course_id}/review"
    trainer.post(f"/courses/{course_id}/submit", {"version": _version(trainer.get(review).text)})
    coordinator.post(f"/courses/{course_id}/publish", {"version": _version(coordinator.get(review).text)})
    return course_id


def _version(text: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="version"', text)
    assert found
    return found[1] or found[2]


def post_session(
    trainer: Browser, course_id: int, days: list[str], starts: str, ends: str, **typed: Any
) -> int:
    meetings: dict[str, Any] = {}
    for row, day in enumerate(days):
        meetings |= meeting_fields(row, day, starts, ends, ledger=typed.get("ledger", "training"))
    fields = offering_fields(**meetings, **{key: value for key, value in typed.items() if key != "ledger"})
    return number_in(trainer.post(f"/courses/{course_id}/offerings", fields).location)


def form_of(page: str, action: str) -> dict[str, str]:
    """What a browser would send of the form with this action when nothing in it was touched."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found, f"no form {action}"
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", found[1]):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        if "name" in said:
            fields[said["name"]] = said.get("value", "")
    fields |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s?(.*?)</textarea>', found[1], re.DOTALL))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', found[1], re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        first = re.search(r'<option value="([^"]*)"', options)
        if chosen or (first and "multiple" not in options):
            fields[name] = (chosen or first)[1]  # type: ignore[index]
    return fields


def move_room(trainer: Browser, offering_id: int, place: str) -> None:
    page = trainer.get(f"/offerings/{offering_id}/edit").text
    trainer.post(f"/offerings/{offering_id}", {**form_of(page, f"/offerings/{offering_id}"), "place": place})


def cancel(trainer: Browser, offering_id: int) -> None:
    trainer.post(f"/offerings/{offering_id}/roster/cancel", {"reason": "The hall is flooded."})


def approve(trainer: Browser, enrollment_id: int) -> None:
    trainer.post(f"/enrollments/{enrollment_id}/approve")


# What learners do.


def join(person: Browser, offering_id: int, answer: str = "") -> None:
    person.post(f"/offerings/{offering_id}/enrollments", {"answer": answer} if answer else {})


def act(person: Browser, offering_id: int, verb: str) -> None:
    """Withdraw, accept or decline, by the button on the page of the session."""
    found = re.search(rf'action="(/enrollments/\d+/{verb})"', person.get(f"/offerings/{offering_id}").text)
    if not found:
        raise Refused(f"{person.email} sees no {verb} on session {offering_id}")
    person.post(found[1])


def evaluate(person: Browser, offering_id: int) -> None:
    person.post(f"/offerings/{offering_id}/evaluation", {"scale_use": "5"})
