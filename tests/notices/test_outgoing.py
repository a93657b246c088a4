"""For coordinators: what was given up and why, sent again, and what became of each person's mail."""

import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices import queries
from catalog.notices.models import AuditEntry, Bounce, Job, JobState
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.notices.plain import tell
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
DEAD: dict[str, Any] = {"state": JobState.DEAD, "error": "OSError: no route", "attempts": 6}
SENT: dict[str, Any] = {"state": JobState.DONE, "outcome": "sent to ana@example.org", "done_at": clock.now()}
NOT_WANTED = SENT | {"outcome": "not wanted"}
NO_ADDRESS = SENT | {"outcome": "no address takes mail"}


def mail(app: Flask, person: Person, subject: str = "A subject", **fields: Any) -> int:
    with inside(app):
        tell(db.session.get_one(Person, person.id), subject, "Words that are nobody's business")
        job = db.session.scalars(sa.select(Job).order_by(Job.id.desc()).limit(1)).one()
        for name, value in fields.items():
            setattr(job, name, value)
        db.session.flush()
        return job.id


def now(app: Flask, job_id: int) -> Job:
    with inside(app):
        return db.session.get_one(Job, job_id)


def test_it_says_how_the_mail_stands(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    for fields in ({}, {}, {"run_at": clock.now() + timedelta(days=1)}, SENT, SENT, SENT, NOT_WANTED, DEAD):
        mail(app, cast.ana, **fields)
    long_ago = clock.now() - timedelta(days=8)
    mail(app, cast.ana, **SENT | {"done_at": long_ago})
    page = " ".join(login_as(cast.mira).get("/mail").text.split())
    for said in (
        "<dt>Waiting</dt><dd>2 ",
        "<dt>For later</dt><dd>1</dd>",
        "<dt>Sent in the last 7 days</dt><dd>3</dd>",
        "<dt>Not sent: not wanted</dt><dd>1</dd>",
        "<dt>Given up</dt><dd>1</dd>",
    ):
        assert said in page


def many_dead(app: Flask, person: Person, number: int) -> None:
    with inside(app):
        for count in range(number):
            subject = {"subject": f"Letter {count}.", "text": ""}
            db.session.add(
                Job(
                    kind="mail",
                    payload=subject,
                    person_id=person.id,
                    run_at=clock.now(),
                    created_at=clock.now(),
                    **DEAD,
                )
            )


def test_what_was_given_up_comes_in_pages(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    many_dead(app, cast.ana, 55)
    browser = login_as(cast.mira)
    pages = [browser.get(f"/mail?page={number}").text for number in (1, 2, 99)]
    heads = [page.count('<th scope="row">Letter') for page in pages]
    assert heads == [50, 5, 5]
    assert "Letter 54." in pages[0]
    assert "Letter 0." in pages[1]
    assert "Page 2 of 2" in pages[1]


def test_of_very_many_no_more_is_counted_than_it_says(
    app: Flask, cast: Cast, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (import_module("catalog.notices.queries.outgoing"), queries):
        monkeypatch.setattr(module, "MOST_COUNTED", 3)
    many_dead(app, cast.ana, 4)
    later = {"run_at": clock.now() + timedelta(days=1)}
    for fields in (SENT, SENT, NOT_WANTED, SENT, *[later] * 4, {}, {}, {}):
        mail(app, cast.ana, **fields | ({"done_at": clock.now()} if "done_at" in fields else {}))
    page = " ".join(login_as(cast.mira).get("/mail").text.split())
    for said in (
        "<dt>Waiting</dt><dd>3 or more ",
        "<dt>For later</dt><dd>3 or more</dd>",
        "<dt>Of the last 3 letters, sent</dt><dd>2</dd>",
        "<dt>Not sent: not wanted</dt><dd>1</dd>",
        "<dt>Given up</dt><dd>3 or more</dd>",
    ):
        assert said in page


def test_what_was_given_up_says_why(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    mail(app, cast.ana, "A seat for Ana", **DEAD)
    page = login_as(cast.mira).get("/mail").text
    assert "A seat for Ana" in page
    assert "OSError: no route" in page


@pytest.mark.parametrize("path", ["/mail", "/people/{}/mail"])
def test_what_stands_in_a_letter_is_not_shown(app: Flask, cast: Cast, login_as: LoginAs, path: str) -> None:
    mail(app, cast.ana, **DEAD)
    page = login_as(cast.mira).get(path.format(cast.ana.id)).text
    assert "A subject" in page
    assert "nobody&#39;s business" not in page


def test_one_is_sent_again(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    job_id, other = mail(app, cast.ana, **DEAD), mail(app, cast.otto, **DEAD)
    assert login_as(cast.mira).post(f"/mail/{job_id}/again").status_code == 303
    job = now(app, job_id)
    assert (job.state, job.attempts, job.error) == (JobState.READY, 0, None)
    assert now(app, other).state == JobState.DEAD
    with inside(app):
        entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.person_id, entry.by_id) == ("mail.sent_again", cast.ana.id, cast.mira.id)


def test_all_are_sent_again(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    dead = [mail(app, cast.ana, **DEAD) for _ in "123"]
    done = mail(app, cast.ana, **SENT)
    none = mail(app, cast.ana, **NO_ADDRESS)
    answer = login_as(cast.mira).post("/mail/again", follow_redirects=True)
    assert "3 letters are sent again." in answer.text
    assert [now(app, job_id).state for job_id in dead] == [JobState.READY] * 3
    assert [now(app, job_id).state for job_id in (done, none)] == [JobState.DONE] * 2


def test_with_all_goes_what_found_no_address_before_its_mark_was_cleared(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    ended = NO_ADDRESS | {"done_at": clock.now() - timedelta(hours=1)}
    job_id, still, link = mail(app, cast.ana, **ended), mail(app, cast.otto, **ended), fixed(app, cast.ana)
    forgotten = mail(app, cast.ana, **NO_ADDRESS | {"done_at": clock.now() - timedelta(days=91)})
    for person in (cast.ana, cast.otto):
        bounced(app, person.email)
    browser = login_as(cast.mira)
    assert ">Send all again<" not in browser.get("/mail").text
    browser.post(f"/people/{cast.ana.id}/mail/address", data={"address": cast.ana.email})
    later = mail(app, cast.ana, **NO_ADDRESS | {"done_at": clock.now() + timedelta(seconds=1)})
    page = browser.get("/mail").text
    assert "<dt>Found no address, which is tried again now</dt><dd>1</dd>" in page
    assert ">Send all again<" in page
    assert "1 letter is sent again." in browser.post("/mail/again", follow_redirects=True).text
    states = [now(app, one).state for one in (job_id, still, link, forgotten, later)]
    assert states == [JobState.READY] + [JobState.DONE] * 4


def fixed(app: Flask, person: Person) -> int:
    """A letter with a link, which goes to one address only and is of no use any more."""
    job_id = mail(app, person, **NO_ADDRESS | {"done_at": clock.now() - timedelta(hours=1)})
    with inside(app):
        job = db.session.get_one(Job, job_id)
        job.payload = {**job.payload, "fixed": True}
    return job_id


def test_what_found_no_address_can_be_sent_again(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    job_id = mail(app, cast.ana, **NO_ADDRESS)
    assert login_as(cast.mira).post(f"/mail/{job_id}/again").status_code == 303
    assert now(app, job_id).state == JobState.READY


@pytest.mark.parametrize(
    "fields",
    [{}, SENT, NOT_WANTED, NO_ADDRESS | {"done_at": clock.now() - timedelta(days=91)}, DEAD | {"kind": "x"}],
    ids=["waits", "sent", "not wanted", "forgotten", "other work"],
)
def test_nothing_else_is_sent_again(
    app: Flask, cast: Cast, login_as: LoginAs, fields: dict[str, Any]
) -> None:
    job_id = mail(app, cast.ana, **fields)
    before = now(app, job_id).state
    answer = login_as(cast.mira).post(f"/mail/{job_id}/again")
    assert answer.status_code == 409
    assert "not waiting to be sent again" in answer.text
    assert now(app, job_id).state == before


def test_a_person_has_a_list_of_their_mail_and_of_nobody_elses(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    mail(app, cast.ana, "For Ana", **SENT)
    mail(app, cast.otto, "For Otto", **SENT)
    page = login_as(cast.mira).get(f"/people/{cast.ana.id}/mail").text
    assert "For Ana" in page
    assert "to ana@example.org" in page
    assert "For Otto" not in page


def test_a_long_list_has_pages_and_costs_the_same(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    for number in range(55):
        mail(app, cast.ana, f"Letter {number}", **SENT)
    browser = login_as(cast.mira)
    with counted() as seen:
        first = browser.get(f"/people/{cast.ana.id}/mail").text
    assert len([one for one in seen if one.startswith("SELECT")]) <= 6
    second = browser.get(f"/people/{cast.ana.id}/mail?page=2").text
    assert ("Letter 54" in first, "Letter 4<" in first, "Letter 4<" in second) == (True, False, True)


# An address that takes no mail.


def bounced(app: Flask, address: str) -> None:
    with inside(app):
        db.session.add(
            Bounce(address=address, is_permanent=True, reason="550 no", digest=address, came_at=clock.now())
        )


def test_a_person_s_page_says_that_an_address_takes_no_mail(
    app: Flask, cast: Cast, login_as: LoginAs
) -> None:
    bounced(app, cast.ana.email)
    browser = login_as(cast.mira)
    for path in (f"/people/{cast.ana.id}", f"/people/{cast.ana.id}/mail"):
        page = browser.get(path).text
        assert "Takes no mail" in page
        assert "550 no" in page
        assert "Try this address again" in page


def test_a_coordinator_tries_it_again_and_comes_back(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    bounced(app, cast.ana.email)
    data = {"address": cast.ana.email, "next": f"/people/{cast.ana.id}"}
    answer = login_as(cast.mira).post(f"/people/{cast.ana.id}/mail/address", data=data)
    assert (answer.status_code, answer.location) == (303, f"/people/{cast.ana.id}")
    with inside(app):
        assert db.session.scalars(sa.select(Bounce)).one().cleared_by_id == cast.mira.id


def test_an_address_of_somebody_else_is_not_found(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    bounced(app, cast.otto.email)
    answer = login_as(cast.mira).post(
        f"/people/{cast.ana.id}/mail/address", data={"address": cast.otto.email}
    )
    assert answer.status_code == 404


# Who may.


def paths(app: Flask, cast: Cast) -> list[tuple[str, str]]:
    job_id = mail(app, cast.ana, **DEAD)
    of_ana = f"/people/{cast.ana.id}/mail"
    posts = ["/mail/again", f"/mail/{job_id}/again", "/mail/addresses/1/again", f"{of_ana}/address"]
    return [("get", "/mail"), ("get", of_ana), *(("post", path) for path in posts)]


def test_a_stranger_must_sign_in(app: Flask, cast: Cast, client: FlaskClient) -> None:
    for method, path in paths(app, cast):
        assert getattr(client, method)(path).location.startswith("/sign-in"), path


@pytest.mark.parametrize("role", ["ana", "ivo"])
def test_who_does_not_coordinate_may_not(app: Flask, cast: Cast, login_as: LoginAs, role: str) -> None:
    browser = login_as(getattr(cast, role))
    for method, path in paths(app, cast):
        assert getattr(browser, method)(path).status_code == 403, path


def test_nobody_there_is_not_found(cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    assert browser.get("/people/999999/mail").status_code == 404
    assert browser.post("/people/999999/mail/address").status_code == 404


def test_looking_sends_nothing(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    browser = login_as(cast.mira)
    statuses = [browser.get(path).status_code for method, path in paths(app, cast) if method == "post"]
    assert statuses == [405] * 4


# Marks that one and the same reason made.


def marked_alike(app: Flask, reason: str, *addresses: str) -> None:
    for address in addresses:
        bounced(app, address)
    with inside(app):
        db.session.execute(sa.update(Bounce).where(Bounce.address.in_(addresses)).values(reason=reason))


def still_marked(app: Flask) -> set[str]:
    with inside(app):
        return set(db.session.scalars(sa.select(Bounce.address).where(Bounce.cleared_at.is_(None))))


def test_marks_that_one_reason_made_are_cleared_together(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    marked_alike(app, "550 Not from there\n550 Never", cast.ana.email, cast.otto.email)
    marked_alike(app, "550 no such user", cast.ivo.email)
    browser = login_as(cast.mira)
    page = browser.get("/mail").text
    assert "550 Not from there" in page
    assert "550 no such user" not in page
    (url,) = re.findall(r'action="(/mail/addresses/\d+/again)"', page)
    assert "Letters go to 2 addresses again." in browser.post(url, follow_redirects=True).text
    assert still_marked(app) == {cast.ivo.email}
    with inside(app):
        entry = db.session.scalars(sa.select(AuditEntry)).one()
        by = set(db.session.scalars(sa.select(Bounce.cleared_by_id).where(Bounce.cleared_at.is_not(None))))
    assert (entry.action, entry.by_id, entry.details) == (
        "mail.addresses_tried_again",
        cast.mira.id,
        {"addresses": 2},
    )
    assert by == {cast.mira.id}
    assert "Not from there" not in browser.get("/mail").text


def test_a_mark_that_was_cleared_meanwhile_is_no_error(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    marked_alike(app, "550 Not from there", cast.ana.email, cast.otto.email)
    with inside(app):
        number = db.session.scalars(sa.select(Bounce.id).limit(1)).one()
    browser = login_as(cast.mira)
    for said in ("2 addresses", "no more addresses than before"):
        assert said in browser.post(f"/mail/addresses/{number}/again", follow_redirects=True).text
    with inside(app):
        assert len(db.session.scalars(sa.select(AuditEntry)).all()) == 1
    assert browser.post("/mail/addresses/999999/again").status_code == 404


@pytest.mark.sqlite
def test_whose_mark_was_cleared_is_not_looked_for_among_all_people(app: Flask, cast: Cast) -> None:
    bounced(app, cast.ana.email)
    with inside(app):
        db.session.execute(sa.update(Bounce).values(cleared_at=clock.now()))
        which = import_module("catalog.notices.queries.outgoing").found_again(clock.now())
        asked = sa.select(Job.id).where(which).order_by(Job.id)
        words = asked.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {words}")).all()
    steps = [row[3] for row in plan]
    assert any("person" in step for step in steps)
    assert not [step for step in steps if step.startswith(("SCAN person", "SCAN job"))]
