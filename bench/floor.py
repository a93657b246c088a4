"""The floor that the catalog is measured against: the least that can do the same on the same database.

A page of 25 rows from one indexed query, a course page of one query, and a POST of the two statements that nobody can
do without: take a free seat, write the enrollment. No sign-in, no rules, no layout, nothing of the catalog's code."""

import os
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, redirect, render_template, request
from sqlalchemy.engine import Engine
from werkzeug.wrappers import Response

# As the catalog has them: catalog/extensions.py.
PRAGMAS = ("busy_timeout=15000", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL")

UPCOMING = sa.text("""
    SELECT offering.id, offering.starts_at, offering.place, offering.capacity, course.title, course.provider
    FROM offering JOIN course ON course.id = offering.course_id
    WHERE offering.state = 'scheduled' AND offering.starts_at > :now
    ORDER BY offering.starts_at, offering.id LIMIT 25
""")
COURSE = sa.text("""
    SELECT offering.id, offering.starts_at, offering.place, offering.capacity, course.title, course.summary
    FROM course JOIN offering ON offering.course_id = course.id
    WHERE course.id = :course_id ORDER BY offering.starts_at LIMIT 50
""")
TAKE_SEAT = """
    UPDATE seat SET is_taken = true WHERE id = (
        SELECT id FROM seat WHERE offering_id = :offering_id AND {free} ORDER BY number LIMIT 1 {lock}
    ) RETURNING id
"""
ENROLL = sa.text("""
    INSERT INTO enrollment (offering_id, person_id, state, seat_id, joined_at, answer, access_request)
    VALUES (:offering_id, :person_id, 'seated', :seat_id, :now, '', '')
""")


def connect(url: str) -> Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute("PRAGMA " + pragma)


def create_floor(url: str) -> Flask:
    app = Flask(__name__)
    engine = connect(url)
    is_sqlite = engine.dialect.name == "sqlite"
    words = (
        {"free": "is_taken = 0", "lock": ""}
        if is_sqlite
        else {"free": "NOT is_taken", "lock": "FOR UPDATE SKIP LOCKED"}
    )
    take_seat = sa.text(TAKE_SEAT.format(**words))

    @app.get("/")
    def index() -> str:
        with engine.connect() as connection:
            rows = connection.execute(UPCOMING, {"now": _now()}).all()
        return render_template("index.html", rows=rows)

    @app.get("/courses/<int:course_id>")
    def course(course_id: int) -> str:
        with engine.connect() as connection:
            rows = connection.execute(COURSE, {"course_id": course_id}).all()
        return render_template("course.html", rows=rows)

    @app.post("/offerings/<int:offering_id>/enrollments")
    def enroll(offering_id: int) -> Response:
        with engine.begin() as connection:
            if is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            asked = {"offering_id": offering_id, "person_id": int(request.form["person_id"]), "now": _now()}
            seat_id = connection.execute(take_seat, asked).scalar_one()
            connection.execute(ENROLL, {**asked, "seat_id": seat_id})
        return redirect(f"/offerings/{offering_id}", 303)

    def _now() -> Any:
        now = datetime.now(UTC)
        return now.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else now

    return app


if "DATABASE_URL" in os.environ:
    app = create_floor(os.environ["DATABASE_URL"])
