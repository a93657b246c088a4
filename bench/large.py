"""Many more people and enrollments than a catalog of `bench.build` has, made inside PostgreSQL.

Every session is given fifty people, and there are ten people for each session. Whoever came to what is over has a
mark and credit. One session has five hundred people. At 100,000 sessions these are a million people and five million
enrollments."""

import sqlalchemy as sa
from flask import Flask

from bench.build import Built, build, settle
from bench.sample import KEYS_OF, SEATS
from catalog.extensions import db, writing

PEOPLE_FOR_EACH = 10
MORE = 44
"""So many seats each session has beside those it comes with, all of them taken."""
ROSTER = 500
COORDINATOR, LEARNER = 30, 1


def build_large(app: Flask, sessions: int, pairs: int) -> Built:
    built = Built(sessions, pairs, over=0.5)
    build(app, built)
    with app.app_context():
        writing.set(True)
        fill(built)
        db.session.commit()
        settle()
        db.session.remove()
        db.engine.dispose()
    return built


def fill(built: Built) -> None:
    """The catalog's first people keep what they have; all that is new belongs to those who are made here."""
    numbers = {
        "sessions": built.size,
        "known": built.pairs,
        "people": max(PEOPLE_FOR_EACH * built.size, ROSTER),
        "seats": SEATS,
        "all": SEATS + MORE,
        "big": roster_of_500(built),
        "roster": ROSTER,
        "coordinator": COORDINATOR,
    }
    # Each row is right by how it is made; to have the database look each reference up takes longer than all the rest.
    # Where the server is not ours to rule, it does all the same.
    if db.session.scalar(sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        db.session.execute(sa.text("SET LOCAL session_replication_role = replica"))
    for statement in STATEMENTS:
        db.session.execute(sa.text(statement), numbers)


def roster_of_500(built: Built) -> int:
    """The number of the session that has so many people; the last of those that come soon."""
    return built.size


STATEMENTS = (
    """
    INSERT INTO person (id, name, email, is_trainer, coordinates, is_administrator, county, is_sample, created_at)
    SELECT :known + n, 'Sample Person ' || :known + n, 'person' || :known + n || '@example.org', false, false, false,
           CASE WHEN n % 9 > 0 THEN '01' || lpad((1 + 2 * (n % 67))::text, 3, '0') END, true, now()
    FROM generate_series(1, :people) AS n
    """,
    KEYS_OF.format("known"),
    "UPDATE person SET coordinates = true WHERE id = :coordinator",
    """
    UPDATE offering SET capacity = CASE WHEN id = :big THEN CAST(:roster AS integer) ELSE :all END,
        settled_at = CASE WHEN ends_at < now() - interval '2 days' AND id % 40 > 0 THEN ends_at + interval '1 day' END
    WHERE id <= :sessions
    """,
    """
    INSERT INTO seat (offering_id, number, is_taken)
    SELECT id, s, true FROM offering CROSS JOIN LATERAL generate_series(:seats + 1, capacity) AS s
    WHERE id <= :sessions
    """,
    """
    INSERT INTO enrollment (offering_id, person_id, state, seat_id, joined_at, answer, access_request)
    SELECT offering_id, :known + 1 + (offering_id::bigint * :all + number) % :people, 'seated', id,
        now() - interval '1 day' * (1 + offering_id % 300), '', CASE WHEN id % 50 = 0 THEN 'A ramp.' ELSE '' END
    FROM seat WHERE offering_id <= :sessions AND number > :seats
    """,
    """
    INSERT INTO mark (meeting_id, enrollment_id, minutes, marked_at, marked_by_id, method, is_open)
    SELECT m.id, e.id, CASE WHEN e.id % 12 = 0 THEN 0 ELSE 120 END, now(), 1, 'roll', false
    FROM enrollment AS e JOIN offering AS o ON o.id = e.offering_id
    JOIN meeting AS m ON m.offering_id = o.id AND m.number = 1
    WHERE e.state = 'seated' AND o.settled_at IS NOT NULL
    """,
    """
    INSERT INTO credit (person_id, enrollment_id, offering_id, ledger, minutes, attended_minutes, held_minutes,
        rule, not_counted_because, earned_on, known_by, taken_by, given_at, given_by_id)
    SELECT e.person_id, e.id, e.offering_id, m.ledger, k.minutes, k.minutes, 120,
        'Full credit from 90 % of the minutes, else none.', '', m.starts_wall::date, 'attendance verified',
        'marked in the room', now(), 1
    FROM mark AS k JOIN enrollment AS e ON e.id = k.enrollment_id JOIN meeting AS m ON m.id = k.meeting_id
    """,
    """
    INSERT INTO credit_area (credit_id, area_id, minutes, was_reviewed)
    SELECT c.id, a.area_id, NULL, true
    FROM credit AS c JOIN offering AS o ON o.id = c.offering_id
    JOIN course_area AS a ON a.course_id = o.course_id WHERE c.minutes > 0
    """,
    # What the worker has done since: a letter to every fifth of them, and the trail.
    """
    INSERT INTO job (kind, payload, state, run_at, attempts, created_at, done_at, person_id, outcome)
    SELECT 'mail', json_build_object('person_id', e.person_id, 'kind', 'seat.taken', 'to', p.email, 'name', p.name,
        'subject', 'You have a seat', 'text', '', 'values', '{}'::json), 'done', e.joined_at, 1, e.joined_at,
        e.joined_at, e.person_id, 'sent to ' || p.email
    FROM enrollment AS e JOIN person AS p ON p.id = e.person_id WHERE e.id % 5 = 0
    """,
    """
    INSERT INTO audit_entry (at, action, about, about_id, by_id, person_id, details)
    SELECT e.joined_at, 'enrollment.seated', 'offering', e.offering_id, e.person_id, e.person_id,
        json_build_object('enrollment_id', e.id)
    FROM enrollment AS e WHERE e.id % 5 = 0
    """,
)
