"""What needs a trainer stands first on the desk, each thing as one sentence, the most urgent on top."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person, Qualification
from catalog.disputes.models import Dispute, DisputeAct, DisputeEntry, DisputeState
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.teaching.queries.desk import Need, desk
from tests import factories as make
from tests.courses.desk import inside, own
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
ZONE = "America/Chicago"


def needs_of(app: Flask, person: Person) -> list[Need]:
    with inside(app):
        return desk(own(person), ZONE).needs


def sentences(app: Flask, person: Person) -> list[str]:
    return [need.sentence for need in needs_of(app, person)]


def in_days(days: int) -> date:
    return clock.today(ZONE) + timedelta(days=days)


def test_an_open_roster_says_who_is_not_marked(app: Flask, cast: Cast) -> None:
    with inside(app):
        over = make.offering(
            make.course("Attachment"),
            starts=datetime.combine(in_days(-3), time(12), ZoneInfo(ZONE)),
            trainer_id=cast.ivo.id,
        )
        enrollment.add(own(cast.ana), over, by=own(cast.mira))
    (need,) = needs_of(app, cast.ivo)
    assert need.sentence == "Attachment ended 3 days ago, and its roster is open. 1 person is not marked yet."
    assert (need.endpoint, need.values, need.is_late) == ("attendance.sheet", {"offering_id": over.id}, True)
    assert needs_of(app, cast.otto) == []


def test_requests_are_one_sentence_a_session(app: Flask, cast: Cast) -> None:
    with inside(app):
        offering = make.offering(make.course("Attachment"), trainer_id=cast.ivo.id, question="Why?")
        for name in ("Ana", "Zoe"):
            person = make.person(f"{name} Sample")
            enrollment.enroll(person, offering, by=person, answer="Because.")
        others = make.offering(trainer_id=cast.mira.id, needs_approval=True)
        enrollment.enroll(own(cast.otto), others, by=own(cast.otto))
    (said,) = sentences(app, cast.ivo)
    assert said.startswith("2 people ask for a seat on Attachment on ")
    assert "with an answer to your question" in said


def test_a_disputed_mark_waits_for_the_trainer(app: Flask, cast: Cast) -> None:
    with inside(app):
        offering = make.offering(make.course("Attachment"), trainer_id=cast.ivo.id)
        ana = own(cast.ana)
        entry = DisputeEntry(at=clock.now(), by=ana, act=DisputeAct.OPENED, text="I was there.")
        for person, state in ((ana, DisputeState.WITH_TRAINER), (own(cast.otto), DisputeState.SETTLED)):
            db.session.add(
                Dispute(
                    enrollment=enrollment.enroll(person, offering, by=person),
                    meeting=offering.meetings[0],
                    state=state,
                    opened_at=clock.now(),
                    entries=[entry] if person is ana else [],
                )
            )
    (said,) = sentences(app, cast.ivo)
    assert said.startswith("Ana Sample says that a mark at Attachment is not right")


def test_too_few_people_name_the_day_to_decide(app: Flask, cast: Cast) -> None:
    with inside(app):
        course = make.course("Attachment")
        make.offering(course, trainer_id=cast.ivo.id, minimum=4, decide_on=in_days(5))
        make.offering(course, trainer_id=cast.ivo.id, minimum=None)
        make.offering(course, trainer_id=cast.ivo.id, minimum=4, starts=clock.now() + timedelta(days=90))
    (said,) = sentences(app, cast.ivo)
    assert "has 0 of the 4 people it needs. Decide by" in said


def test_a_qualification_is_named_ninety_days_before_it_runs_out(app: Flask, cast: Cast) -> None:
    with inside(app):
        for label, days in (("Soon", 90), ("Later", 91), ("Followed", 3), ("Followed", 400), ("Gone", -2)):
            db.session.add(Qualification(person_id=cast.ivo.id, label=label, held_until=in_days(days)))
    gone, soon = sentences(app, cast.ivo)
    assert "“Gone” ran out on" in gone
    assert "“Soon” runs out on" in soon


def test_the_most_urgent_comes_first(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    with inside(app):
        course = make.course("Attachment")
        db.session.add(Qualification(person_id=cast.ivo.id, label="RSC", held_until=in_days(60)))
        make.offering(course, trainer_id=cast.ivo.id, minimum=4, decide_on=in_days(5))
        over = make.offering(course, starts=clock.now() - timedelta(days=9), trainer_id=cast.ivo.id)
        enrollment.add(own(cast.ana), over, by=own(cast.mira))
    roster, few, qualification = sentences(app, cast.ivo)
    assert "its roster is open" in roster
    assert "people it needs" in few
    assert "RSC" in qualification
    page = login_as(cast.ivo).get("/teaching").text
    assert page.index("its roster is open") < page.index("people it needs") < page.index("Coming sessions")
    assert f'href="/offerings/{over.id}/attendance"' in page


def test_a_co_trainer_is_asked_for_answers_too(app: Flask, cast: Cast) -> None:
    with inside(app):
        offering = make.offering(needs_approval=True)
        offering.meetings[0].co_trainers = [own(cast.ivo)]
        enrollment.enroll(own(cast.ana), offering, by=own(cast.ana))
    assert [need.link for need in needs_of(app, cast.ivo)] == ["Decide"]


def test_a_desk_with_nothing_shows_the_way_to_the_first_course(cast: Cast, login_as: LoginAs) -> None:
    page = login_as(cast.ivo).get("/teaching").text
    assert "Write your first course" in page
    assert "Nothing needs you today" not in page


def test_many_needs_take_as_many_statements_as_one(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    def fill(count: int) -> None:
        with inside(app):
            for _ in range(count):
                ana = make.person()
                asked = make.offering(trainer_id=cast.ivo.id, needs_approval=True)
                enrollment.enroll(ana, asked, by=ana)
                over = make.offering(starts=clock.now() - timedelta(days=9), trainer_id=cast.ivo.id)
                enrolled = enrollment.add(ana, over, by=own(cast.mira))
                make.offering(trainer_id=cast.ivo.id, minimum=4, decide_on=in_days(5))
                db.session.add_all(
                    [
                        Qualification(person_id=cast.ivo.id, label="RSC", held_until=in_days(60)),
                        Dispute(
                            enrollment=enrolled,
                            meeting=over.meetings[0],
                            state=DisputeState.WITH_TRAINER,
                            opened_at=clock.now(),
                        ),
                    ]
                )

    browser = login_as(cast.ivo)
    fill(1)
    with counted() as one:
        browser.get("/teaching")
    fill(9)
    with counted() as many:
        browser.get("/teaching")
    assert len(many) == len(one) <= 11
