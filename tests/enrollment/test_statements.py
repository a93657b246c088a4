"""Joining costs the same few statements, whoever else is there."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.engine import Engine

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment import queries, services
from catalog.extensions import db, writing
from tests import factories as make
from tests.factories import Cast
from tests.statements import counted

# On PostgreSQL one of them holds the row of whoever joins, whose account may be joined with another at the moment.
MOST = 9
AT_ONCE = {"sqlite": 6, "postgresql": 3}
"""Where a seat is free and nothing has to be decided: who it is, what they join, and the writing."""
CONTROL = ("BEGIN", "SAVEPOINT", "ROLLBACK TO")
"""What begins and marks transactions asks for nothing."""


@pytest.mark.parametrize(
    ("seats", "taken"), [(5, 0), (50, 49), (5, 30)], ids=["a seat", "the last seat", "the queue"]
)
def test_joining_takes_at_most_nine_statements(
    app: Flask, cast: Cast, login_as: Callable[[Person], FlaskClient], seats: int, taken: int
) -> None:
    with app.app_context():
        writing.set(True)
        offering = make.offering(seats=seats)
        for _ in range(taken):
            person = make.person()
            services.enroll(person, offering, by=person)
        db.session.commit()
        url = f"/offerings/{offering.id}/enrollments"
    browser = login_as(cast.ana)
    with counted() as seen:
        assert browser.post(url).status_code == 303
    asked = [statement for statement in seen if not statement.startswith(CONTROL)]
    most = (
        AT_ONCE[app.config["SQLALCHEMY_DATABASE_URI"].partition(":")[0].partition("+")[0]]
        if taken < seats
        else MOST
    )
    assert len(asked) <= most, "\n".join(asked)


@pytest.mark.postgres
def test_a_free_seat_costs_the_server_three_answers_and_no_transaction(
    app: Flask, cast: Cast, login_as: Callable[[Person], FlaskClient]
) -> None:
    with app.app_context():
        offering = make.offering(seats=2)
        db.session.commit()
        url = f"/offerings/{offering.id}/enrollments"
    browser = login_as(cast.ana)
    standing: list[TransactionStatus] = []

    def look(_connection: Any, cursor: psycopg.Cursor[Any], *_: Any) -> None:
        standing.append(cursor.connection.info.transaction_status)

    event.listen(Engine, "after_cursor_execute", look)
    try:
        assert browser.post(url).status_code == 303
    finally:
        event.remove(Engine, "after_cursor_execute", look)
    assert standing == [TransactionStatus.IDLE] * 3
    with app.app_context():
        assert queries.roster(db.session.get_one(Offering, offering.id))


@pytest.mark.parametrize("people", [2, 50])
def test_the_roster_takes_the_same_statements_for_two_and_for_fifty(
    app: Flask, cast: Cast, login_as: Callable[[Person], FlaskClient], people: int
) -> None:
    with app.app_context():
        writing.set(True)
        offering = make.offering(seats=20)
        for _ in range(people):
            person = make.person()
            services.enroll(person, offering, by=person)
        db.session.commit()
        url = f"/offerings/{offering.id}/roster"
    browser = login_as(cast.mira)
    with counted() as seen:
        assert browser.get(url).status_code == 200
    asked = [statement for statement in seen if not statement.startswith(CONTROL)]
    assert len(asked) <= 9, "\n".join(asked)


@pytest.mark.sqlite
def test_the_answer_to_a_join_is_read_without_the_write_lock(
    app: Flask, cast: Cast, login_as: Callable[[Person], FlaskClient], htmx: dict[str, str]
) -> None:
    with app.app_context():
        writing.set(True)
        url = f"/offerings/{make.offering().id}/enrollments"
        db.session.commit()
    browser = login_as(cast.ana)
    with counted() as seen:
        assert browser.post(url, headers=htmx).status_code == 200
    assert [statement for statement in seen if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]
