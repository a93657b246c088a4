"""Fifty people, two server processes, five seats."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts import services as accounts
from catalog.accounts.queries import person_signed_in
from catalog.courses.models import Offering
from catalog.enrollment import queries
from catalog.enrollment.models import HOLDING, Enrollment, State
from catalog.extensions import db, writing
from catalog.notices.models import Job
from catalog.reports.checking import invariants
from tests import factories as make
from tests.servers import Answer, Browser, Ports, at_once, running

pytestmark = pytest.mark.race
PEOPLE, SEATS = 50, 5


@pytest.fixture
def servers(app: Flask, _rows: None, database_url: str) -> Iterator[Ports]:
    with running(database_url) as ports:
        yield ports


def browser_of(name: str, port: int, **fields: Any) -> Browser:
    """A signed-in browser of a new person, with a form token at hand."""
    token = accounts.begin_sign_in(make.person(name, **fields))
    return Browser(port, {"sign_in": token})


def ready(app: Flask, servers: Ports, seats: int = SEATS) -> tuple[int, list[Browser], Browser]:
    """An offering, fifty signed-in people spread over the servers, and a coordinator."""
    with app.app_context():
        writing.set(True)
        offering_id = make.offering(seats=seats).id
        people = [browser_of(f"Person{i} Sample", servers[i % len(servers)]) for i in range(PEOPLE)]
        mira = browser_of("Mira Sample", servers[0], coordinates=True)
        db.session.commit()
    for person in (*people, mira):
        assert person.get("/account").status == 200
    return offering_id, people, mira


def outcome(app: Flask, offering_id: int) -> tuple[Counter[str], list[int]]:
    """How many are in each state, and the places in the queue."""
    with app.app_context():
        writing.set(False)
        offering = db.session.get_one(Offering, offering_id)
        rows = queries.roster(offering)
        states = Counter(str(row.enrollment.state) for row in rows)
        return states, sorted(row.place for row in rows if row.place)


def broken(app: Flask) -> list[str]:
    with app.app_context():
        writing.set(False)
        return [name for name, _, select in invariants.ALL if db.session.execute(select).first()]


def statuses(answers: list[Any]) -> set[Any]:
    return {answer.status if isinstance(answer, Answer) else answer for answer in answers}


def test_five_sit_and_everyone_else_has_a_place_of_their_own(app: Flask, servers: Ports) -> None:
    offering_id, people, _ = ready(app, servers)
    url = f"/offerings/{offering_id}/enrollments"
    answers = at_once([partial(person.post, url) for person in people])
    assert statuses(answers) == {303}
    assert outcome(app, offering_id) == (
        Counter(seated=SEATS, waiting=PEOPLE - SEATS),
        list(range(1, PEOPLE - SEATS + 1)),
    )
    assert broken(app) == []


def test_a_double_tap_by_everybody_enrolls_nobody_twice(app: Flask, servers: Ports) -> None:
    offering_id, people, _ = ready(app, servers)
    url = f"/offerings/{offering_id}/enrollments"
    taps = [partial(person.post, url) for person in people[:20] for _ in range(3)]
    answers = at_once(taps)
    assert statuses(answers) == {303}
    assert outcome(app, offering_id) == (Counter(seated=SEATS, waiting=15), list(range(1, 16)))


def test_the_queue_holds_while_people_come_go_answer_and_staff_change_the_seats(
    app: Flask, servers: Ports
) -> None:
    offering_id, people, mira = ready(app, servers)
    base, chance = f"/offerings/{offering_id}", random.Random(7)
    with app.app_context():
        writing.set(True)
        guests = [make.person(f"Guest{i} Sample").email for i in range(4)]
        db.session.commit()

    def come_and_go(person: Browser, leaves: bool) -> list[int]:
        seen = [person.post(f"{base}/enrollments").status]
        if leaves:
            seen.append(person.post(f"/enrollments/{mine(app, person, offering_id)}/withdraw").status)
        return seen

    def staff() -> list[int]:
        seen = [mira.post(f"{base}/roster/people", email=guest).status for guest in guests]
        return seen + [mira.post(f"{base}/roster/capacity", capacity=n).status for n in (7, 9, SEATS + 4)]

    leaving = [chance.random() < 0.4 for _ in people]
    acts = [partial(come_and_go, p, leaves) for p, leaves in zip(people, leaving, strict=True)]
    seen = at_once([*acts, staff])
    assert {status for one in seen for status in one} == {303}, seen
    assert broken(app) == []

    # The freed seats are offered. Those who are asked answer all at once, yes and no in turn, until nobody is asked.
    browsers = by_id(people, app)
    while asked := [row for row in offered(app, offering_id) if row[1] in browsers]:
        words = ["accept", "decline"] * len(asked)
        replies = [
            partial(browsers[person].post, f"/enrollments/{row}/{word}")
            for (row, person), word in zip(asked, words, strict=False)
        ]
        assert statuses(at_once(replies)) == {303}
        assert broken(app) == []

    states, places = outcome(app, offering_id)
    assert states["seated"] + states["offered"] == SEATS + 4
    assert places == list(range(1, states["waiting"] + 1))


def test_the_seats_change_again_and_again_while_people_join_and_leave(app: Flask, servers: Ports) -> None:
    """On PostgreSQL a joiner and a change of the seats once waited for each other."""
    offering_id, people, mira = ready(app, servers)
    url = f"/offerings/{offering_id}/roster/capacity"

    def staff() -> list[int]:
        return [mira.post(url, capacity=20 + 10 * (n % 3)).status for n in range(12)]

    def come_and_go(person: Browser) -> list[int]:
        seen = [person.post(f"/offerings/{offering_id}/enrollments").status]
        return [*seen, person.post(f"/enrollments/{mine(app, person, offering_id)}/withdraw").status]

    seen = at_once([staff, *[partial(come_and_go, person) for person in people]])
    # Fewer seats than are taken just then is refused with a sentence; nothing else is.
    assert {status for one in seen for status in one} <= {303, 422}, seen
    assert {status for one in seen[1:] for status in one} == {303}, seen
    assert broken(app) == []


def test_whoever_joins_while_it_is_called_off_is_told_or_not_seated(app: Flask, servers: Ports) -> None:
    offering_id, people, mira = ready(app, servers, seats=40)
    join = [partial(person.post, f"/offerings/{offering_id}/enrollments") for person in people]
    call_off = partial(mira.post, f"/offerings/{offering_id}/roster/cancel", reason="Storm")
    answers = at_once([*join[:25], call_off, *join[25:]])
    assert statuses(answers) <= {303, 409}
    with app.app_context():
        writing.set(False)
        told = {
            payload["person_id"]
            for payload in db.session.scalars(sa.select(Job.payload).where(Job.kind == "mail"))
            if "will not take place" in payload["text"]
        }
        seated = set(
            db.session.scalars(sa.select(Enrollment.person_id).where(Enrollment.state == State.SEATED))
        )
    assert seated <= told


def mine(app: Flask, person: Browser, offering_id: int) -> int:
    """The number of this browser's enrollment, read beside the servers."""
    with app.app_context():
        writing.set(False)
        found = accounts_of(person.cookies["sign_in"])
        query = sa.select(Enrollment.id).where(
            Enrollment.person_id == found, Enrollment.offering_id == offering_id
        )
        return db.session.scalars(query).one()


def accounts_of(token: str) -> int:
    found = person_signed_in(token)
    assert found is not None
    return found.id


def by_id(people: list[Browser], app: Flask) -> dict[int, Browser]:
    with app.app_context():
        writing.set(False)
        return {accounts_of(person.cookies["sign_in"]): person for person in people}


def offered(app: Flask, offering_id: int) -> list[tuple[int, int]]:
    with app.app_context():
        writing.set(False)
        rows = db.session.execute(
            sa.select(Enrollment.id, Enrollment.person_id).where(
                Enrollment.offering_id == offering_id, Enrollment.state == State.OFFERED
            )
        )
        return [(row[0], row[1]) for row in rows]


@pytest.mark.usefixtures("_rows")
def test_without_the_guard_the_same_race_oversells(app: Flask) -> None:
    """The control: count, compare, insert, on a table without seats or constraints."""
    sits = sa.table("naive_seat", sa.column("person"))
    with app.app_context():
        engine = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT", pool_size=PEOPLE)
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE naive_seat (person INTEGER)"))

    def join(person: int) -> None:
        with engine.connect() as connection:
            gate.wait()
            taken = connection.scalar(sa.select(sa.func.count()).select_from(sits)) or 0
            time.sleep(0.002)  # a page's worth of other work
            if taken < SEATS:
                connection.execute(sa.insert(sits).values(person=person))

    gate = threading.Barrier(PEOPLE)
    at_once([partial(join, person) for person in range(PEOPLE)])
    with engine.connect() as connection:
        seated = connection.scalar(sa.select(sa.func.count()).select_from(sits)) or 0
        connection.execute(sa.text("DROP TABLE naive_seat"))
    engine.dispose()
    assert seated > SEATS


@pytest.mark.usefixtures("_rows")
def test_an_acknowledged_seat_survives_a_killed_server(app: Flask, database_url: str) -> None:
    """Every server is killed while people join; whoever was told 303 is on the list, and nobody sits twice."""
    with running(database_url) as ports:
        offering_id, people, _ = ready(app, ports)
        url = f"/offerings/{offering_id}/enrollments"
        killer = threading.Timer(0.15, ports.kill)
        killer.start()
        answers = at_once([partial(person.post, url) for person in people])
        killer.join()
    told = [i for i, answer in enumerate(answers) if isinstance(answer, Answer) and answer.status == 303]
    with app.app_context():
        writing.set(False)
        held = set(db.session.scalars(sa.select(Enrollment.person_id)))
        assert {accounts_of(people[i].cookies["sign_in"]) for i in told} <= held
        sitting = db.session.scalar(sa.select(sa.func.count()).where(Enrollment.state.in_(HOLDING))) or 0
        assert sitting <= SEATS
    assert broken(app) == []
