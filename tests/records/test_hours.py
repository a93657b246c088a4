"""A person's hours: by ledger, by area, each with how it is known."""

from typing import Any

import pytest

from catalog.accounts.models import Person
from catalog.attendance import services
from catalog.attendance.models import KnownBy
from catalog.competencies.models import Ledger
from catalog.courses.models import Course, CreditRule, Offering
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.records import queries
from tests import factories as make
from tests.attendance import sheets
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo Sample", is_trainer=True)


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample")


def course(**fields: Any) -> Course:
    return make.course(credit_rule=CreditRule.PER_MEETING, **fields)


def attended(
    ana: Person, of: Course, minutes: int, *, by: Person, ledger: Ledger = Ledger.TRAINING
) -> Offering:
    """A closed session that Ana attended for so many minutes."""
    offering = sheets.held(of, trainer_id=by.id)
    offering.meetings[0].ledger = ledger
    enrollment.add(ana, offering, by=by)
    sheets.mark_all(offering, minutes, by=by)
    services.close(offering, by=by)
    return offering


def in_ledger(person: Person, ledger: Ledger) -> queries.LedgerTotal:
    return next(total for total in queries.hours(person).ledgers if total.ledger == ledger)


def area_of(person: Person, code: str) -> queries.AreaTotal:
    return next(total for total in queries.hours(person).areas if total.area.code == code)


def test_the_ledgers_are_two_totals_and_no_sum(ana: Person, ivo: Person) -> None:
    sheets.qualified(ivo)
    attended(ana, course(areas=("TF",)), 180, by=ivo)
    attended(ana, course(areas=("REF",)), 120, by=ivo, ledger=Ledger.RSC)
    assert [(total.ledger, total.minutes) for total in queries.hours(ana).ledgers] == [
        (Ledger.TRAINING, 180),
        (Ledger.RSC, 120),
    ]


def test_hours_say_how_they_are_known(ana: Person, ivo: Person) -> None:
    attended(ana, course(areas=("TF",)), 180, by=ivo)
    assert in_ledger(ana, Ledger.TRAINING).by_knowledge == {KnownBy.ATTENDANCE: 180}


def test_what_does_not_count_is_told_apart(ana: Person, ivo: Person) -> None:
    attended(ana, course(areas=("REF",)), 120, by=ivo, ledger=Ledger.RSC)
    total = in_ledger(ana, Ledger.RSC)
    assert (total.minutes, total.not_counted) == (0, 120)
    assert area_of(ana, "REF").trainings == 0


def test_a_training_counts_once_in_the_total_and_in_each_area_it_names(ana: Person, ivo: Person) -> None:
    attended(ana, course(areas=("TF", "LAW")), 180, by=ivo)
    assert in_ledger(ana, Ledger.TRAINING).minutes == 180
    assert [area_of(ana, code).minutes[Ledger.TRAINING] for code in ("TF", "LAW")] == [180, 180]


def test_where_the_minutes_are_split_an_area_gets_its_part(ana: Person, ivo: Person) -> None:
    split = course(areas=("TF", "LAW"), minutes=180)
    next(area for area in split.areas if area.area.code == "TF").minutes = 60
    attended(ana, split, 180, by=ivo)
    assert area_of(ana, "TF").minutes[Ledger.TRAINING] == 60
    assert area_of(ana, "LAW").minutes[Ledger.TRAINING] == 120, "no more than TF leaves"


def test_whoever_earned_a_part_has_a_part_of_what_is_not_split(ana: Person, ivo: Person) -> None:
    split = course(areas=("TF", "LAW"), minutes=180)
    next(area for area in split.areas if area.area.code == "TF").minutes = 60
    attended(ana, split, 90, by=ivo)
    assert [area_of(ana, code).minutes[Ledger.TRAINING] for code in ("TF", "LAW")] == [30, 60]


def test_only_the_credit_in_force_counts(ana: Person, ivo: Person) -> None:
    offering = attended(ana, course(areas=("TF",)), 180, by=ivo)
    services.reopen(offering, by=ivo, reason="Ana left early")
    sheets.mark_all(offering, 60, by=ivo)
    services.close(offering, by=ivo)
    assert in_ledger(ana, Ledger.TRAINING).minutes == 60
    assert len(queries.hours(ana).entries) == 1


def test_somebody_elses_hours_are_not_mine(ana: Person, ivo: Person) -> None:
    attended(ana, course(areas=("TF",)), 180, by=ivo)
    assert in_ledger(ivo, Ledger.TRAINING).minutes == 0


def test_areas_for_mentors_show_only_when_something_touches_them(ana: Person, ivo: Person) -> None:
    make.area("LEAD", mentors_only=True)
    make.area("TF")
    assert [total.area.code for total in queries.hours(ana).areas] == ["TF"]
    attended(ana, course(areas=("LEAD",)), 180, by=ivo)
    assert queries.hours(ana).covered == ["LEAD"]


def test_an_unreviewed_mapping_is_counted_as_such(ana: Person, ivo: Person) -> None:
    attended(ana, course(areas=("TF",)), 180, by=ivo)
    assert area_of(ana, "TF").unreviewed == 1


def test_hours_ask_the_database_as_often_for_thirty_sessions_as_for_one(ana: Person, ivo: Person) -> None:
    counts = []
    for sessions in (1, 29):
        for _ in range(sessions):
            attended(ana, course(areas=("TF", "LAW")), 180, by=ivo)
        db.session.expire_all()
        with counted() as statements:
            titles = [credit.offering.course.title for credit in queries.hours(ana).entries]
        assert titles
        counts.append(len(statements))
    assert counts[0] == counts[1]
