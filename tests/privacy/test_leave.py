"""Somebody leaves: what goes, what stays without their name, and who cannot leave yet."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts import queries as accounts_queries
from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.accounts.services import LastAdministrator
from catalog.attendance.models import Credit
from catalog.certificates.models import Certificate
from catalog.coordinating.belongings import Belonging, naming_people
from catalog.courses.models import Kind
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.limits import Tally
from catalog.notices import audit, posting
from catalog.notices.models import AuditEntry, Job
from catalog.notices.outcomes import NO_ADDRESS
from catalog.privacy import queries, services, things
from catalog.privacy.models import Departure
from catalog.privacy.refusals import (
    LeadsComingSessions,
    LeadsGroups,
    LeavingAlready,
    RostersToClose,
    StaysAlready,
)
from catalog.privacy.services import erasing
from catalog.privacy.words import NOBODY, words_of
from tests import factories as make
from tests.coordinating.rows import row
from tests.privacy.beside import between_read_and_write
from tests.privacy.people import EMAIL, NAME, holding_words, quilla, row_that_names

pytestmark = pytest.mark.usefixtures("context")


def leave_now(person: Person) -> str:
    """Ask, and let the grace pass."""
    made = services.ask_to_leave(person)
    db.session.commit()
    departure_id = made.id
    with clock.at(made.due_at + timedelta(minutes=1)):
        said = services.leave(departure_id)
        db.session.commit()
    return said


def erase(person: Person) -> None:
    erasing.erase(person, erasing.look_for(queries.accounts_of(person.id)))


# What goes and what stays.


@pytest.mark.parametrize("column", naming_people(), ids=lambda one: one.key)
def test_a_row_goes_with_its_person_or_stays_under_nobodys_name(column: Belonging) -> None:
    make.person("Ada Sample", is_administrator=True)
    me = quilla()
    made = row_that_names(column, me)
    erase(me)
    where = [column.table.c[name] == value for name, value in made.items()]
    stays = db.session.scalar(sa.select(sa.func.count()).select_from(column.table).where(*where))
    assert stays == (0 if things.goes(column) else 1)
    assert holding_words() == {}


def test_nothing_that_names_somebody_is_left_anywhere() -> None:
    ada = make.person("Ada Sample", is_administrator=True)
    me = quilla()
    for column in naming_people():
        if column.key != "person.merged_into_id":
            row_that_names(column, me)
    accounts.change_account(me, name="Quilla Younger", county=None, zone=None, licence=None)
    accounts.change_account(me, name=NAME, county=None, zone=None, licence="ZQ 4711")
    audit.note("person.added", "person", me.id, by=ada, person_id=me.id, reason=f"{NAME} asked", to=EMAIL)
    named = {"rows": [{"name": NAME, "email": EMAIL.upper(), "more": [f"Dear {NAME},"]}]}
    row("table_import", rows=named)
    row("video_report", participants=[{"name": NAME, "email": EMAIL}])
    row("job", payload={"to": "ivo@example.org", "text": f"{NAME} has taken a seat"}, person_id=ada.id)
    row("bounce", address=EMAIL)
    row("tally", key=f"sign-in {EMAIL}")
    erase(me)
    assert holding_words() == {}
    assert db.session.get_one(Person, me.id).name == NOBODY


def test_the_name_stands_on_certificates_alone() -> None:
    me = quilla()
    row("certificate", kind="course", offering_id=None, person_id=me.id, facts={"person": NAME})
    erase(me)
    assert list(holding_words()) == ["certificate.facts"]
    assert db.session.scalar(sa.select(Certificate.person_id)) == me.id


def test_hours_given_here_stay_and_those_from_elsewhere_go() -> None:
    me = quilla()
    row("credit", person_id=me.id)
    row("hour_entry", person_id=me.id)
    erase(me)
    assert db.session.scalar(sa.select(sa.func.count(Credit.id)).where(Credit.person_id == me.id)) == 1
    assert db.session.scalar(sa.text("select count(*) from hour_entry")) == 0


def test_what_they_wrote_when_they_joined_is_emptied() -> None:
    me = quilla()
    row("enrollment", person_id=me.id, state="withdrawn", answer="Because", access_request="A ramp")
    erase(me)
    assert db.session.execute(sa.select(Enrollment.answer, Enrollment.access_request)).one() == ("", "")


def test_somebody_else_of_the_same_name_keeps_theirs() -> None:
    me, other = quilla(), make.person(NAME)
    row("job", payload={"text": f"{NAME} has taken a seat"}, person_id=other.id)
    erase(me)
    assert db.session.get_one(Person, other.id).name == NAME
    assert NAME in db.session.scalars(sa.select(Job.payload)).one()["text"]


def test_the_address_is_free_again_and_nobody_signs_in() -> None:
    make.person("Ada Sample", is_administrator=True)
    me = quilla(password_hash="x")
    assert leave_now(me) == "left"
    new = accounts.add_person(NAME, EMAIL, "y")
    assert new.id != me.id
    left = db.session.get_one(Person, me.id)
    assert (left.password_hash, left.left_at is not None) == (None, True)
    assert left not in accounts_queries.people("").rows


def test_nobody_who_left_gets_mail(settings: object) -> None:
    make.person("Ada Sample", is_administrator=True)
    me = quilla()
    leave_now(me)
    assert posting.message_or_reason(1, {"person_id": me.id, "kind": "x"}, settings) == NO_ADDRESS  # type: ignore[arg-type]


def test_accounts_that_were_joined_leave_together() -> None:
    me = quilla()
    gone = make.person(NAME, email="quilla@old.example.org", merged_into_id=me.id)
    row("person_merge", kept_id=me.id, gone_id=gone.id, moved={"fills": {"licence": "ZQ 4711"}})
    erase(me)
    assert holding_words() == {}
    assert db.session.get_one(Person, gone.id).name == NOBODY


# Seats, and the grace.


def test_seats_are_given_back_at_once_and_the_queue_moves_up() -> None:
    me, next_one = quilla(), make.person("Next Sample")
    offering = make.offering(seats=1)
    mine = enrollment.enroll(me, offering, by=me)
    waits = enrollment.enroll(next_one, offering, by=next_one)
    services.ask_to_leave(me)
    assert (mine.state, waits.state) == (State.WITHDRAWN, State.OFFERED)


def test_signing_in_calls_it_off() -> None:
    me = quilla()
    made = services.ask_to_leave(me)
    accounts.begin_sign_in(me)
    db.session.expire_all()
    assert made.undone_at is not None
    with clock.at(made.due_at + timedelta(days=1)):
        assert services.leave(made.id) == "called off"
    assert db.session.get_one(Person, me.id).name == NAME
    assert "person.stays" in db.session.scalars(sa.select(AuditEntry.action)).all()


def test_who_calls_it_off_while_their_traces_are_looked_for_keeps_everything() -> None:
    make.person("Ada Sample", is_administrator=True)
    made = services.ask_to_leave(quilla())
    db.session.commit()
    departure_id, due = made.id, made.due_at
    calls_off = sa.update(Departure).values(undone_at=due)
    with clock.at(due + timedelta(minutes=1)), between_read_and_write(calls_off):
        assert services.leave(departure_id) == "called off"
        db.session.commit()
    assert db.session.scalar(sa.select(Person.email).where(Person.name == NAME)) == EMAIL
    assert db.session.scalar(sa.select(Departure.done_at)) is None


def test_a_sign_in_that_waits_for_its_second_step_calls_nothing_off() -> None:
    me = quilla(second_step_since=clock.now())
    made = services.ask_to_leave(me)
    accounts.begin_sign_in(me, awaits_factor=True)
    db.session.expire_all()
    assert made.is_open
    accounts.begin_sign_in(me, has_factor=True)
    db.session.expire_all()
    assert made.undone_at is not None


def test_the_link_of_the_letter_calls_it_off_once() -> None:
    me = quilla()
    services.ask_to_leave(me)
    letter = db.session.scalars(sa.select(Job.payload).where(Job.kind == "mail")).one()
    token = letter["values"]["link"].rsplit("/", 1)[1]
    assert services.call_off(token).id == me.id
    with pytest.raises(StaysAlready):
        services.call_off(token)
    assert services.ask_to_leave(me).is_open


def test_nothing_happens_before_the_grace_is_over() -> None:
    me = quilla()
    made = services.ask_to_leave(me)
    with clock.at(made.due_at - timedelta(minutes=1)):
        assert services.leave(made.id) == "called off"
    assert made.is_open


def test_nobody_asks_twice() -> None:
    me = quilla()
    services.ask_to_leave(me)
    with pytest.raises(LeavingAlready):
        services.ask_to_leave(me)


def test_every_sign_in_ends() -> None:
    me = quilla()
    token = accounts.begin_sign_in(me)
    db.session.commit()
    assert accounts_queries.person_signed_in(token) is me
    services.ask_to_leave(me)
    db.session.commit()
    assert accounts_queries.person_signed_in(token) is None


# Who cannot leave yet.


def test_the_last_administrator_stays() -> None:
    ada = make.person("Ada Sample", is_administrator=True)
    with pytest.raises(LastAdministrator):
        services.ask_to_leave(ada)
    make.person("Mira Sample", is_administrator=True)
    assert services.ask_to_leave(ada).is_open


def test_whoever_leads_a_coming_session_stays_and_is_told_which() -> None:
    ivo = make.person("Ivo Sample", is_trainer=True)
    offering = make.offering(make.course("Attachment"), trainer_id=ivo.id)
    with pytest.raises(LeadsComingSessions, match="“Attachment”"):
        services.ask_to_leave(ivo)
    offering.state = "cancelled"  # type: ignore[assignment]
    assert services.ask_to_leave(ivo).is_open


def test_whoever_helps_at_a_coming_meeting_stays() -> None:
    ivo = make.person("Ivo Sample", is_trainer=True)
    offering = make.offering(meetings=1)
    offering.meetings[0].co_trainers.append(ivo)
    with pytest.raises(LeadsComingSessions):
        services.ask_to_leave(ivo)


def test_whoever_facilitates_a_group_stays() -> None:
    ivo = make.person("Ivo Sample", is_trainer=True)
    make.offering(make.course("A circle", kind=Kind.REFLECTIVE_GROUP), trainer_id=ivo.id)
    with pytest.raises(LeadsGroups, match="“A circle”"):
        services.ask_to_leave(ivo)


def test_whoever_has_a_roster_to_close_stays() -> None:
    ivo, ana = make.person("Ivo Sample", is_trainer=True), make.person("Ana Sample")
    offering = make.offering(trainer_id=ivo.id)
    enrollment.enroll(ana, offering, by=ana)
    assert offering.ends_at is not None
    with clock.at(offering.ends_at + timedelta(days=1)), pytest.raises(RostersToClose):
        services.ask_to_leave(ivo)


def test_whoever_became_needed_during_the_grace_stays_and_is_told() -> None:
    ivo = make.person("Ivo Sample", is_trainer=True)
    made = services.ask_to_leave(ivo)
    make.offering(trainer_id=ivo.id, starts=made.due_at + timedelta(days=9))
    db.session.commit()
    with clock.at(made.due_at + timedelta(minutes=1)):
        assert services.leave(made.id) == "needed"
    assert db.session.get_one(Person, ivo.id).name == "Ivo Sample"
    assert db.session.scalar(sa.select(Departure.undone_at)) is not None


def test_an_administrator_whose_account_was_joined_is_no_other_one() -> None:
    ada = make.person("Ada Sample", is_administrator=True)
    make.person("Ada B. Sample", is_administrator=True, merged_into_id=ada.id)
    assert isinstance(queries.in_the_way(ada, clock.now()), LastAdministrator)


def test_what_was_called_off_at_the_same_moment_is_not_called_off_again() -> None:
    """The link was good when it was looked at."""
    made = services.ask_to_leave(make.person())
    made.token_hash = accounts_queries.token_hash("a key")
    db.session.flush()
    db.session.refresh(made)
    other = sa.update(Departure).values(undone_at=clock.now())
    db.session.execute(other.execution_options(synchronize_session=False))
    with pytest.raises(StaysAlready):
        services.call_off("a key")


def test_words_that_only_hold_the_name_stay() -> None:
    words = words_of(["Ann Lee"], [])
    assert words.without("Joann Lees and Ann Lee, ann lee") == f"Joann Lees and {NOBODY}, {NOBODY}"


def test_counts_of_an_address_that_only_looks_alike_stay() -> None:
    me = make.person(email="a_b@example.org")
    make.person("Ada Sample", is_administrator=True)
    for key in ("tried a_b@example.org", "tried acb@example.org"):
        db.session.add(Tally(key=key, failures=1, until=clock.now()))
    db.session.flush()
    erase(me)
    assert db.session.scalars(sa.select(Tally.key)).all() == ["tried acb@example.org"]
