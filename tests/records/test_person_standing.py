"""Qualifications and membership: coordinators write them down on the person's page, and the trail remembers."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person, Qualification
from catalog.attendance import services as attendance
from catalog.attendance.models import Credit
from catalog.competencies.models import Ledger
from catalog.courses.models import CreditRule, Offering
from catalog.extensions import db
from catalog.notices.models import AuditEntry
from catalog.records import forms
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
GIVEN = {"new-label": "Reflective supervisor", "new-provides_rsc": "y", "new-held_from": "2020-01-01"}


@pytest.fixture
def mira(cast: Cast, login_as: LoginAs) -> FlaskClient:
    return login_as(cast.mira)


def add(browser: FlaskClient, person: Person, **more: str) -> tuple[int, str]:
    sent = {f"new-{name}": value for name, value in more.items()}
    answer = browser.post(f"/people/{person.id}/qualifications", data=GIVEN | sent)
    return answer.status_code, answer.text


def change(browser: FlaskClient, held: Qualification, **typed: str) -> tuple[int, str]:
    """As a browser would: the whole form as it stood, but for what was typed."""
    stood = {"seen": forms.stand(held), "label": held.label, "provides_rsc": "y"}
    data = {f"held{held.id}-{name}": value for name, value in (stood | typed).items()}
    answer = browser.post(f"/people/{held.person_id}/qualifications/{held.id}", data=data)
    return answer.status_code, answer.text


def held_by(app: Flask, person: Person) -> list[Qualification]:
    with inside(app):
        return list(db.session.scalars(sa.select(Qualification).filter_by(person_id=person.id)))


def trail(app: Flask) -> list[AuditEntry]:
    with inside(app):
        about_people = sa.select(AuditEntry).where(AuditEntry.action.startswith("person."))
        return list(db.session.scalars(about_people.order_by(AuditEntry.id)))


@pytest.fixture
def held(app: Flask, cast: Cast) -> Qualification:
    with inside(app):
        return sheets.qualified(cast.ivo)


def test_a_qualification_is_written_down_and_shown(app: Flask, cast: Cast, mira: FlaskClient) -> None:
    assert add(mira, cast.ivo)[0] == 303
    [held] = held_by(app, cast.ivo)
    assert (held.label, held.provides_rsc, held.held_from, held.held_until) == (
        "Reflective supervisor",
        True,
        date(2020, 1, 1),
        None,
    )
    page = mira.get(f"/people/{cast.ivo.id}").text
    assert "Provides RSC" in page
    assert "Wed 1 Jan 2020" in page


def test_a_qualification_can_be_an_endorsement_category(app: Flask, cast: Cast, mira: FlaskClient) -> None:
    with inside(app):
        make.category("ERS", name="Endorsed Reflective Supervisor", is_add_on=True)
        make.category("OLD", name="Of long ago", is_current=False)
    page = mira.get(f"/people/{cast.ivo.id}").text
    assert "Endorsed Reflective Supervisor (ERS)" in page
    assert "Of long ago" not in page
    assert add(mira, cast.ivo, category_code="ERS")[0] == 303
    status, page = add(mira, cast.ivo, category_code="NOPE")
    assert status == 422
    assert "Choose one from the list." in page
    [held] = held_by(app, cast.ivo)
    assert held.category_code == "ERS"
    assert change(mira, held, category_code="")[0] == 303
    assert held_by(app, cast.ivo)[0].category_code == ""


def test_a_category_that_the_framework_no_longer_has_stays_with_whoever_holds_it(
    app: Flask, cast: Cast, mira: FlaskClient, held: Qualification
) -> None:
    with inside(app):
        db.session.get_one(Qualification, held.id).category_code = "GONE"
    held = held_by(app, cast.ivo)[0]
    assert change(mira, held, category_code="GONE", label="Said otherwise")[0] == 303
    found = held_by(app, cast.ivo)[0]
    assert (found.category_code, found.label) == ("GONE", "Said otherwise")


def test_the_trail_says_what_was_written_down(app: Flask, cast: Cast, mira: FlaskClient) -> None:
    add(mira, cast.ivo)
    [entry] = trail(app)
    assert (entry.action, entry.by_id, entry.person_id) == (
        "person.qualification_added",
        cast.mira.id,
        cast.ivo.id,
    )
    assert entry.details["after"]["held_from"] == "2020-01-01"


def test_the_same_sent_twice_is_there_once(app: Flask, cast: Cast, mira: FlaskClient) -> None:
    assert [add(mira, cast.ivo)[0] for _ in range(2)] == [303, 303]
    assert len(held_by(app, cast.ivo)) == len(trail(app)) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"label": " "}, "Enter what the qualification is called."),
        ({"label": "x" * 161}, "Use at most 160 characters."),
        ({"held_from": "soon"}, "Write a date, such as 2027-01-14."),
        ({"held_until": "2019-12-31"}, "This is before the day from which it is held."),
    ],
)
def test_a_wrong_field_is_refused_and_all_stays_typed(
    app: Flask, cast: Cast, mira: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    status, page = add(mira, cast.ivo, **typed)
    assert (status, held_by(app, cast.ivo), trail(app)) == (422, [], [])
    assert sentence in page
    for value in typed.values():
        assert f'value="{value.strip()}"' in page or not value.strip()
    assert 'checked id="new-provides_rsc"' in page


def test_a_qualification_ends_with_its_last_day(
    app: Flask, cast: Cast, mira: FlaskClient, held: Qualification
) -> None:
    assert change(mira, held, held_until="2026-06-30")[0] == 303
    assert held_by(app, cast.ivo)[0].held_until == date(2026, 6, 30)
    [entry] = trail(app)
    assert entry.action == "person.qualification_changed"
    assert (entry.details["before"]["held_until"], entry.details["after"]["held_until"]) == (
        None,
        "2026-06-30",
    )


def test_nothing_changed_leaves_no_trace(app: Flask, mira: FlaskClient, held: Qualification) -> None:
    assert change(mira, held)[0] == 303
    assert trail(app) == []


def test_a_wrong_change_keeps_what_was_typed(
    app: Flask, cast: Cast, mira: FlaskClient, held: Qualification
) -> None:
    status, page = change(mira, held, held_from="2026-02-02", held_until="2026-02-01")
    assert status == 422
    assert 'value="2026-02-01"' in page
    assert held_by(app, cast.ivo)[0].held_from is None


def test_an_old_page_does_not_undo_a_change(
    app: Flask, cast: Cast, mira: FlaskClient, held: Qualification
) -> None:
    change(mira, held, held_until="2026-06-30")
    status, page = change(mira, held, label="Something else")
    assert status == 409
    assert "Somebody else changed this qualification meanwhile" in page
    assert held_by(app, cast.ivo)[0].label == held.label


def test_a_qualification_is_not_changed_through_another_person(
    app: Flask, cast: Cast, mira: FlaskClient, held: Qualification
) -> None:
    answer = mira.post(f"/people/{cast.ana.id}/qualifications/{held.id}")
    assert answer.status_code == 404


def test_membership_is_set_and_ended(app: Flask, cast: Cast, mira: FlaskClient) -> None:
    url = f"/people/{cast.ana.id}/membership"
    assert mira.post(url, data={"member_until": "2027-12-31"}).status_code == 303
    assert "until Fri 31 Dec 2027" in mira.get(f"/people/{cast.ana.id}").text
    assert mira.post(url, data={"member_until": ""}).status_code == 303
    assert [(entry.action, entry.details["before"], entry.details["after"]) for entry in trail(app)] == [
        ("person.membership", {"member_until": None}, {"member_until": "2027-12-31"}),
        ("person.membership", {"member_until": "2027-12-31"}, {"member_until": None}),
    ]


def test_a_wrong_day_of_membership_is_refused(app: Flask, cast: Cast, mira: FlaskClient) -> None:
    answer = mira.post(f"/people/{cast.ana.id}/membership", data={"member_until": "31.12.27"})
    assert answer.status_code == 422
    assert 'value="31.12.27"' in answer.text
    assert trail(app) == []


@pytest.mark.parametrize("who", ["ana", "ivo"])
def test_nobody_else_writes_them(
    app: Flask, cast: Cast, login_as: LoginAs, held: Qualification, who: str
) -> None:
    browser = login_as(getattr(cast, who))
    assert add(browser, cast.ivo)[0] == 403
    assert change(browser, held, held_until="2026-06-30")[0] == 403
    answer = browser.post(f"/people/{cast.ana.id}/membership", data={"member_until": "2027-12-31"})
    assert answer.status_code == 403
    assert trail(app) == []


def group(app: Flask, cast: Cast) -> Offering:
    """Ivo's reflective group, two meetings of 180 minutes, 60 and 53 days ago; Ana was at both."""
    with inside(app):
        course = make.course(areas=("REF",), credit_rule=CreditRule.PER_MEETING)
        offering = sheets.held(course, meetings=2, trainer_id=cast.ivo.id)
        for meeting in offering.meetings:
            meeting.ledger = Ledger.RSC
        sheets.seat(offering, "Ana Sample", by=cast.mira)
        sheets.mark_all(offering, by=cast.mira)
    return offering


def rsc(app: Flask, offering: Offering, by: Person) -> tuple[int, bool]:
    """What closing the roster counts, and whether it counts."""
    with inside(app):
        attendance.close(db.session.get_one(Offering, offering.id), by=by)
        credit = db.session.scalars(sa.select(Credit).where(Credit.superseded_at.is_(None))).one()
    return credit.minutes, not credit.not_counted_because


def test_group_hours_count_once_a_coordinator_has_written_the_qualification_down(
    app: Flask, cast: Cast, mira: FlaskClient
) -> None:
    offering = group(app, cast)
    add(mira, cast.ivo)
    assert rsc(app, offering, cast.mira) == (360, True)


def test_only_the_meetings_before_its_last_day_count(app: Flask, cast: Cast, mira: FlaskClient) -> None:
    offering = group(app, cast)
    last = offering.meetings[0].starts_wall.date()
    add(mira, cast.ivo, held_until=last.isoformat())
    assert rsc(app, offering, cast.mira) == (180, True)


def test_without_a_tick_for_rsc_they_do_not_count(app: Flask, cast: Cast, mira: FlaskClient) -> None:
    offering = group(app, cast)
    sent = {name: value for name, value in GIVEN.items() if name != "new-provides_rsc"}
    mira.post(f"/people/{cast.ivo.id}/qualifications", data=sent)
    assert rsc(app, offering, cast.mira) == (360, False)
