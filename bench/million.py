"""A million enrollments on PostgreSQL, made inside it: five years of sessions, with marks, credit and answers.

On top of the catalog of `bench.build`, whose courses and areas are used. Everything here is numbered from FIRST on,
so nothing has to be looked up, and half a year of it is still to come."""

import sqlalchemy as sa

from bench.sample import KEYS_OF
from catalog.extensions import db

FIRST = 1_000_000
"""The number of the first session and of the first person made here."""
SEATS, WAITING = 22, 3
"""On each session so many have a seat, and so many wait or have waited: 25 enrollments."""
DAYS_BACK, DAYS_AHEAD = 1826, 182
PEOPLE_FOR_EACH = 3
"""How many people there are for each session."""


def fill(enrollments: int) -> None:
    """As many enrollments, in whole sessions."""
    numbers = {
        "first": FIRST,
        "sessions": enrollments // (SEATS + WAITING),
        "people": PEOPLE_FOR_EACH * enrollments // (SEATS + WAITING),
        "seats": SEATS,
        "waiting": WAITING,
        "days": DAYS_BACK + DAYS_AHEAD,
        "back": DAYS_BACK,
        "courses": db.session.scalar(sa.text("SELECT count(*) FROM course")),
        "areas": db.session.scalar(sa.text("SELECT count(*) FROM area WHERE NOT mentors_only")),
    }
    for statement in STATEMENTS:
        db.session.execute(sa.text(statement), numbers)


def stand(goals: int) -> None:
    """A finished run over so many people made here: a goal and a renewal of each, and what they miss."""
    for statement in STANDINGS:
        db.session.execute(sa.text(statement), {"first": FIRST, "goals": goals})


STATEMENTS = (
    """
    INSERT INTO person (id, name, email, is_trainer, coordinates, is_administrator, county, is_sample, created_at)
    SELECT :first + n, 'Sample Person ' || n, 'one' || n || '@example.org', false, n = 1, false,
           CASE WHEN n % 9 > 0 THEN '01' || lpad((1 + 2 * (n % 67))::text, 3, '0') END, true, now()
    FROM generate_series(1, :people) AS n
    """,
    KEYS_OF.format("first"),
    # The day by the calendar of the session's zone, at nine in the morning there.
    """
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT :first + n AS id, 1 + n % :courses AS course_id, zone, wall, wall AT TIME ZONE zone AS begins,
           CASE WHEN n % 4 > 0 THEN '01' || lpad((1 + 2 * (n % 67))::text, 3, '0') END AS county, n
    FROM (SELECT n, CASE WHEN n % 5 = 0 THEN 'America/New_York' ELSE 'America/Chicago' END AS zone,
                 (current_date - :back + (n * 7919) % :days)::timestamp + interval '9 hours' AS wall
          FROM generate_series(1, :sessions) AS n) AS days
    """,
    """
    INSERT INTO offering (id, course_id, state, cancel_reason, zone, format, county, place, online_link, language,
        interpretation, accessibility, note, capacity, needs_approval, question, price_note, when_full, is_sample,
        created_at, updated_at, version, settled_at, starts_at, ends_at, minutes, weekdays, is_evening)
    SELECT id, course_id, 'scheduled', '', zone, CASE WHEN county IS NULL THEN 'virtual' ELSE 'in_person' END, county,
        '', '', 'English', '', '', '', :seats + n % 9, false, '', '', 'waitlist', true, now(), now(), 1,
        CASE WHEN begins < now() - interval '2 days' AND n % 40 > 0 THEN begins + interval '1 day' END,
        begins, begins + interval '3 hours', 180, 1, false
    FROM made
    """,
    """
    INSERT INTO meeting (id, offering_id, number, starts_wall, ends_wall, starts_at, ends_at, break_minutes, minutes,
        ledger, kind, title, place)
    SELECT id, id, 1, wall, wall + interval '3 hours', begins, begins + interval '3 hours', 0, 180,
        CASE WHEN n % 5 = 1 THEN 'rsc' ELSE 'training' END, 'sitting', '', ''
    FROM made
    """,
    """
    INSERT INTO seat (id, offering_id, number, is_taken)
    SELECT :first + (made.n - 1) * 40 + s, made.id, s, s <= :seats
    FROM made CROSS JOIN generate_series(1, 30) AS s WHERE s <= :seats + made.n % 9
    """,
    """
    INSERT INTO enrollment (id, offering_id, person_id, state, seat_id, joined_at, queued_at, answer, access_request)
    SELECT :first + (made.n - 1) * 40 + s, made.id, :first + 1 + (made.n::bigint * 31 + s * 97) % :people,
        CASE WHEN s <= :seats THEN 'seated' ELSE 'waiting' END,
        CASE WHEN s <= :seats THEN :first + (made.n - 1) * 40 + s END,
        begins - interval '30 days',
        CASE WHEN s > :seats THEN begins - interval '1 day' * (1 + s % 30) END, '', ''
    FROM made CROSS JOIN generate_series(1, :seats + :waiting) AS s
    """,
    """
    INSERT INTO mark (id, meeting_id, enrollment_id, minutes, marked_at, marked_by_id, method, is_open)
    SELECT e.id, e.offering_id, e.id, CASE WHEN e.id % 12 = 0 THEN 0 ELSE 180 END, now(), :first + 1, 'roll', false
    FROM enrollment AS e JOIN offering AS o ON o.id = e.offering_id
    WHERE e.id > :first AND e.state = 'seated' AND o.settled_at IS NOT NULL
    """,
    """
    INSERT INTO credit (id, person_id, enrollment_id, offering_id, ledger, minutes, attended_minutes, held_minutes,
        rule, not_counted_because, earned_on, known_by, taken_by, given_at, given_by_id)
    SELECT e.id, e.person_id, e.id, e.offering_id, m.ledger, k.minutes, k.minutes, 180,
        'Full credit from 90 % of the minutes, else none.',
        CASE WHEN m.ledger = 'rsc' AND e.offering_id % 3 = 0 THEN 'Nobody qualified led it.' ELSE '' END,
        m.starts_wall::date, 'attendance verified', 'marked in the room', now(), :first + 1
    FROM mark AS k JOIN enrollment AS e ON e.id = k.enrollment_id JOIN meeting AS m ON m.id = k.meeting_id
    WHERE k.id > :first
    """,
    """
    INSERT INTO credit_area (credit_id, area_id, minutes, was_reviewed)
    SELECT c.id, a.id, CASE WHEN c.offering_id % 2 = 0 THEN 90 END, true
    FROM credit AS c JOIN (SELECT id, row_number() OVER (ORDER BY position) AS place FROM area WHERE NOT mentors_only)
        AS a ON a.place IN (1 + c.offering_id % :areas, 1 + (c.offering_id + 3) % :areas)
    WHERE c.id > :first AND c.minutes > 0
    """,
    """
    INSERT INTO evaluation (key, offering_id, scales, objectives, helped, change, is_shown)
    SELECT md5(k.id::text), k.meeting_id, json_build_object('use', 1 + k.id % 5, 'trainer', 3 + k.id % 3, 'pace',
        2 + k.id % 4, 'access', 1 + k.id % 5, 'recommend', 2 + k.id % 4), '{}', '', '', k.id % 7 > 0
    FROM mark AS k WHERE k.id > :first AND k.minutes > 0 AND k.id % 3 = 0
    """,
)

STANDINGS = (
    """
    INSERT INTO standing_run (id, at, today, goals_done, reached, finished_at)
    VALUES (1, now(), current_date, true, 0, now())
    """,
    # About two of three topics are missing to each.
    """
    INSERT INTO goal_standing (run_id, goal_id, person_id, category_id, county, step, percent, missing)
    SELECT 1, p.id, p.id, c.ids[1 + p.id % cardinality(c.ids)], coalesce(p.county, ''),
        (array['begun', 'under half', 'half and more', 'rsc open', 'all seen'])[1 + p.id % 5], p.id % 100,
        ',' || (SELECT string_agg(t.id::text, ',' ORDER BY t.id) FROM topic AS t WHERE (t.id * 7 + p.id) % 3 > 0)
            || ','
    FROM person AS p, (SELECT array_agg(id ORDER BY id) AS ids FROM category) AS c
    WHERE p.id > CAST(:first AS integer) AND p.id <= CAST(:first AS integer) + CAST(:goals AS integer)
    """,
    """
    INSERT INTO topic_gap (run_id, topic_id, county, people)
    SELECT 1, t.id, g.county, count(*) FROM goal_standing AS g JOIN topic AS t ON (t.id * 7 + g.person_id) % 3 > 0
    GROUP BY t.id, g.county
    """,
    """
    INSERT INTO renewal_standing (run_id, endorsed_id, person_id, category_id, county, valid_until, lacks_training,
        lacks_rsc, lacks_membership, lacking)
    SELECT 1, g.goal_id, g.person_id, g.category_id, g.county,
        make_date(CAST(extract(year FROM current_date) AS integer) + g.goal_id % 3, 12, 31), g.goal_id % 2 = 0,
        g.goal_id % 3 = 0, g.goal_id % 5 = 0, '3 h of 15 h training'
    FROM goal_standing AS g
    """,
)
