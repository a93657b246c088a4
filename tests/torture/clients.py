"""Twenty people at their browsers, and what they were told. Their journals live outside of everything that is killed.

Whoever hears nothing does what people do: mostly they try again until they are told, and sometimes they give up. What
was told is in the database once; what was given up is there once or not at all."""

import html
import http.client
import io
import random
import re
import threading
import time
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.records.sheets import csv
from tests.servers import Answer, Browser
from tests.torture.scene import Scene, Sheet, Someone

GIVES_UP = 0.15
ACCEPT = re.compile(r'"(/enrollments/\d+/accept)"')
LEAVE = re.compile(r'"(/enrollments/\d+)/(?:withdraw|decline)"')
SAID_YES = http.client.SEE_OTHER


class Surprised(AssertionError):
    """An answer that nobody should get, whatever was killed."""


@dataclass
class Client:
    """One person. `told` and `unsure` count what they asked for, by what it was; `pages` the answers they saw."""

    who: Someone
    port: int
    chance: random.Random
    stop: threading.Event
    told: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self.browser = Browser(self.port, {"sign_in": self.who.token})

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.act()
                self.stop.wait(self.chance.random() * 0.2)
        except Stopped:
            pass
        except BaseException as error:
            self.error = error

    def act(self) -> None:
        raise NotImplementedError

    # Asking, where nobody may be there to answer.

    def look(self, path: str) -> Answer:
        """A page, sooner or later."""
        while True:
            answer = self._ask("GET", path)
            if answer and answer.status == http.client.OK:
                return answer
            self._rest()

    def does(self, what: str, path: str, **fields: str | list[str]) -> bool:
        """Whether one was told that it is done. Raises Surprised at an answer that is neither yes nor a failure."""
        if not self.browser.token:
            self.look("/account")
        while True:
            answer = self._ask("POST", path, **fields)
            if answer and answer.status == SAID_YES:
                self.told[what] += 1
                return True
            if answer and answer.status < http.client.INTERNAL_SERVER_ERROR:
                raise Surprised(f"{path}: {answer.status} {said(answer)}")
            if self.chance.random() < GIVES_UP or self.stop.is_set():
                self.unsure[what] += 1
                return False
            self._rest()

    def _ask(self, method: str, path: str, **fields: str | list[str]) -> Answer | None:
        try:
            answer = self.browser.get(path) if method == "GET" else self.browser.post(path, **fields)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.pages[type(error).__name__] += 1
            return None
        if answer.location.startswith("/sign-in"):
            raise Surprised(f"{path}: was asked to sign in again")
        self.pages[str(answer.status)] += 1
        return answer

    def upload(self, path: str, table: bytes) -> str:
        """Where the table is shown that was read, sooner or later."""
        if not self.browser.token:
            self.look("/account")
        while True:
            body, kind = _multipart(table, self.browser.token)
            try:
                answer = self.browser.send(path, body, kind)
            except (OSError, http.client.HTTPException) as error:
                self.pages[type(error).__name__] += 1
            else:
                self.pages[str(answer.status)] += 1
                if answer.status == SAID_YES:
                    return answer.location
                if answer.status < http.client.INTERNAL_SERVER_ERROR:
                    raise Surprised(f"{path}: {answer.status} {said(answer)}")
            self._rest()

    def _rest(self) -> None:
        time.sleep(0.1 + self.chance.random() * 0.3)
        if self.stop.is_set():
            raise Stopped


class Stopped(Exception):
    """It is over while somebody still waited for an answer."""


def said(answer: Answer) -> str:
    """What the page says, without its marks."""
    text = re.sub(r"<script.*?</script>|<[^>]*>", " ", answer.body, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())[:600]


def _multipart(table: bytes, token: str) -> tuple[bytes, str]:
    boundary, body = encode_multipart(
        {"table": FileStorage(io.BytesIO(table), "list.csv"), "csrf_token": token}
    )
    return body, f"multipart/form-data; boundary={boundary}"


@dataclass
class Place:
    """What somebody knows of their place on a session: how often they joined and left, and what is not sure."""

    joined: int = 0
    left: int = 0
    is_in: bool = False
    unsure: str = ""


@dataclass
class Learner(Client):
    """Joins, leaves, takes what is offered, and joins again."""

    sessions: list[int] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=lambda: defaultdict(Place))

    def act(self) -> None:
        offering_id = self.chance.choice(self.sessions)
        place = self.places[offering_id]
        if place.unsure:
            self._find_out(offering_id, place)
        elif not place.is_in:
            self._join(offering_id, place)
        else:
            self._answer_or_leave(offering_id, place)

    def _find_out(self, offering_id: int, place: Place) -> None:
        """What became of a wish that nobody answered, as the page of the session tells it."""
        is_in = LEAVE.search(self.look(f"/offerings/{offering_id}").body) is not None
        if is_in != place.is_in:
            place.joined, place.left = place.joined + is_in, place.left + (not is_in)
        place.is_in, place.unsure = is_in, ""

    def _join(self, offering_id: int, place: Place) -> None:
        place.unsure = "enroll"
        if self.does("enroll", f"/offerings/{offering_id}/enrollments"):
            place.joined, place.is_in, place.unsure = place.joined + 1, True, ""

    def _answer_or_leave(self, offering_id: int, place: Place) -> None:
        page = self.look(f"/offerings/{offering_id}").body
        if (offer := ACCEPT.search(page)) and self.chance.random() < 0.7:
            self.does("accept", offer[1])
            return
        leave = LEAVE.search(page)
        if leave is None:
            raise Surprised(f"session {offering_id}: somebody who was told they are on it is not")
        place.unsure = "withdraw"
        if self.does("withdraw", f"{leave[1]}/withdraw"):
            place.left, place.is_in, place.unsure = place.left + 1, False, ""


@dataclass
class Tap:
    name: str
    enrollment_id: int
    minutes: int
    told: bool


@dataclass
class Trainer(Client):
    """Marks who was there, for how many minutes, and changes their mind."""

    sheet: Sheet = field(default_factory=lambda: Sheet(0, 0, ()))
    taps: list[Tap] = field(default_factory=list)

    def act(self) -> None:
        enrollment_id = self.chance.choice(self.sheet.enrollment_ids)
        cell, name = (
            f"{self.sheet.meeting_id}-{enrollment_id}",
            str(uuid.UUID(int=self.chance.getrandbits(128))),
        )
        tap = Tap(name, enrollment_id, self.chance.randint(1, 180), told=False)
        self.taps.append(tap)
        fields = {f"mark-{cell}": "minutes", f"minutes-{cell}": str(tap.minutes), "tap": name}
        path = f"/meetings/{self.sheet.meeting_id}/marks/{enrollment_id}"
        tap.told = self.does("mark", path, **fields)


@dataclass
class Table:
    """The words by which its rows are known, and whether one was told that they were saved."""

    rows: tuple[str, ...]
    told: bool


@dataclass
class Importer(Client):
    """Brings in tables of their own hours."""

    number: int = 0
    tables: list[Table] = field(default_factory=list)

    def act(self) -> None:
        self.number += 1
        rows = tuple(f"Import {self.who.id} {self.number} {n}" for n in range(self.chance.randint(1, 4)))
        lines = [(title, "2025-01-14", "6", "A trainer", "An agency", "TF.attachment") for title in rows]
        head = ("Title", "Date", "Hours", "Trainer", "Provider", "Topics")
        place = self.upload("/learning/hours/import", csv(head, *lines))
        page = self.look(place).body
        numbers = re.findall(r'name="row" value="(\d+)"', page)
        if len(numbers) != len(rows):
            raise Surprised(f"{place}: {len(numbers)} of {len(rows)} rows can be saved")
        table = Table(rows, told=False)
        self.tables.append(table)
        table.told = self.does("import", place, seen=_seen(page), row=numbers)


@dataclass
class Desk(Client):
    """Brings in attendance from before, and lists of people who have no account yet."""

    emails: list[str] = field(default_factory=list)
    list_id: int = 0
    number: int = 0
    tables: list[Table] = field(default_factory=list)
    guests: list[Table] = field(default_factory=list)

    def act(self) -> None:
        self.number += 1
        self._hours() if self.number % 2 else self._people()

    def _hours(self) -> None:
        titles = tuple(f"Before {self.who.id} {self.number} {n}" for n in range(self.chance.randint(1, 4)))
        lines = [(self.chance.choice(self.emails), title, "2024-05-14", "6") for title in titles]
        table = Table(titles, told=False)
        self.tables.append(table)
        place = self.upload("/imports/attendance", csv(("Email", "Title", "Date", "Hours"), *lines))
        table.told = self.does("import", place, seen=_seen(self.look(place).body))

    def _people(self) -> None:
        who = tuple(
            f"guest-{self.who.id}-{self.number}-{n}@example.org" for n in range(self.chance.randint(1, 3))
        )
        table = Table(who, told=False)
        self.guests.append(table)
        lines = [(email, f"Guest {email.split('@')[0].replace('-', ' ')}") for email in who]
        place = self.upload(f"/offerings/{self.list_id}/enroll-list", csv(("Email", "Name"), *lines))
        table.told = self.does("import", place, seen=_seen(self.look(place).body))


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    return html.unescape(found[1]) if found else ""


def clients(scene: Scene, port: int, seed: int, stop: threading.Event) -> list[Client]:
    def common(someone: Someone) -> tuple[Someone, int, random.Random, threading.Event]:
        return someone, port, random.Random(f"{seed} {someone.id}"), stop

    emails = [learner.email for learner in scene.learners]
    return [
        *(Learner(*common(one), sessions=list(scene.open)) for one in scene.learners),
        *(Trainer(*common(one), sheet=sheet) for one, sheet in scene.trainers),
        *(Importer(*common(one)) for one in scene.importers),
        *(
            Desk(*common(one), emails=emails, list_id=list_id)
            for one, list_id in zip(scene.desks, scene.list_ids, strict=True)
        ),
    ]
