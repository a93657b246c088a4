"""RSC hours of a meeting count by the qualification of whoever led it on that day."""

from datetime import timedelta

import pytest

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import services as attendance
from catalog.competencies.models import Ledger
from catalog.courses.models import Offering
from catalog.courses.queries import rsc_warning
from catalog.enrollment import services as enrollment
from catalog.extensions import db
from catalog.records.ledger import Entry, Source, Sure
from catalog.records.models import Standing
from catalog.records.queries.ledger import ledger
from tests import factories as make
from tests.attendance.sheets import mark, mark_all, qualified
from tests.groups.circles import begun, seated, term

pytestmark = pytest.mark.usefixtures("context")


def held(ivo: Person, sol: Person | None, *at: int) -> Offering:
    """Four meetings of two hours that are over; Sol stood in at those with these numbers."""
    group = term(ivo, starts=begun(weeks=4))
    for meeting in group.meetings:
        if meeting.number in at:
            meeting.substitute = sol
    db.session.flush()
    return group


def lines(ana: Person, group: Offering, ivo: Person) -> list[Entry]:
    if group.settled_at is None and group.is_over(clock.now()):
        mark_all(group, by=ivo)
        attendance.close(group, by=ivo)
    found = [entry for entry in ledger(ana.id, clock.now()) if entry.ledger == Ledger.RSC]
    return sorted(found, key=lambda entry: (entry.trainer, entry.on))


def said(found: list[Entry]) -> list[tuple[str, int, Standing | None]]:
    return [(one.trainer, one.minutes, one.rsc.standing if one.rsc else None) for one in found]


@pytest.fixture
def ana() -> Person:
    return make.person("Ana")


@pytest.fixture
def ivo() -> Person:
    return make.person("Ivo", is_trainer=True)


@pytest.fixture
def sol() -> Person:
    return make.person("Sol", is_trainer=True)


def test_both_qualified_each_gets_a_line(ana: Person, ivo: Person, sol: Person) -> None:
    qualified(ivo)
    qualified(sol, category_code="MHS")
    group = held(ivo, sol, 2)
    seated(ana, group, ivo)
    found = lines(ana, group, ivo)
    assert said(found) == [("Ivo", 360, Standing.ENDORSED), ("Sol", 120, Standing.ENDORSED)]
    assert found[1].rsc is not None
    assert (found[1].rsc.who, found[1].rsc.categories) == (f"person-{sol.id}", frozenset({"MHS"}))
    assert found[1].on == group.meetings[1].starts_wall.date()


def test_the_two_lines_have_two_keys_and_one_row(ana: Person, ivo: Person, sol: Person) -> None:
    qualified(ivo)
    qualified(sol)
    group = held(ivo, sol, 2)
    seated(ana, group, ivo)
    found = lines(ana, group, ivo)
    assert len({one.key for one in found}) == 2
    assert ({one.source for one in found}, len({one.number for one in found})) == ({Source.CREDIT}, 1)


def test_a_meeting_of_a_substitute_without_qualification_is_left_out(
    ana: Person, ivo: Person, sol: Person
) -> None:
    qualified(ivo)
    group = held(ivo, sol, 2)
    seated(ana, group, ivo)
    assert said(lines(ana, group, ivo)) == [("Ivo", 360, Standing.ENDORSED)]


def test_a_qualified_substitute_gives_hours_where_the_facilitator_cannot(
    ana: Person, ivo: Person, sol: Person
) -> None:
    qualified(sol)
    group = held(ivo, sol, 3)
    seated(ana, group, ivo)
    assert said(lines(ana, group, ivo)) == [("Sol", 120, Standing.ENDORSED)]


def test_it_is_the_day_of_the_meeting_that_decides(ana: Person, ivo: Person, sol: Person) -> None:
    qualified(ivo)
    group = held(ivo, sol, 2, 3)
    qualified(sol, held_from=group.meetings[2].starts_wall.date())
    seated(ana, group, ivo)
    assert said(lines(ana, group, ivo)) == [("Ivo", 240, Standing.ENDORSED), ("Sol", 120, Standing.ENDORSED)]


def test_only_what_was_attended_with_somebody_is_theirs(ana: Person, ivo: Person, sol: Person) -> None:
    qualified(ivo)
    qualified(sol)
    group = held(ivo, sol, 2)
    seat = seated(ana, group, ivo)
    mark_all(group, by=ivo)
    mark(group.meetings[1], seat, 60, by=ivo)
    attendance.close(group, by=ivo)
    assert said(lines(ana, group, ivo)) == [("Ivo", 360, Standing.ENDORSED), ("Sol", 60, Standing.ENDORSED)]


def test_together_the_lines_are_the_credit(ana: Person, ivo: Person, sol: Person) -> None:
    qualified(ivo)
    qualified(sol)
    group = held(ivo, sol, 2)
    group.course.credit_cap_minutes = 401
    seated(ana, group, ivo)
    assert sum(one.minutes for one in lines(ana, group, ivo)) == 401


def test_neither_qualified_it_is_one_line_that_says_why(ana: Person, ivo: Person, sol: Person) -> None:
    group = held(ivo, sol, 2)
    seated(ana, group, ivo)
    [line] = lines(ana, group, ivo)
    assert line.not_counted.startswith("Ivo and Sol held no qualification to provide RSC")


def test_a_seat_that_is_held_is_planned_by_who_will_lead(ana: Person, ivo: Person, sol: Person) -> None:
    qualified(ivo)
    group = term(ivo)
    group.meetings[3].substitute = sol
    seated(ana, group, ivo)
    db.session.flush()
    found = lines(ana, group, ivo)
    assert said(found) == [("Ivo", 360, Standing.ENDORSED), ("Sol", 120, Standing.NOT_ENDORSED)]
    assert {one.sure for one in found} == {Sure.PLANNED}


def test_people_are_told_before_they_join_whose_meetings_do_not_count(ivo: Person, sol: Person) -> None:
    qualified(ivo)
    group = term(ivo)
    group.meetings[3].substitute = sol
    db.session.flush()
    warning = rsc_warning(group)
    assert warning.startswith("Sol holds no qualification to provide RSC on ")
    assert "those of the other 3 meetings do" in warning


def test_the_warning_names_both_where_neither_is_qualified(ivo: Person, sol: Person) -> None:
    group = term(ivo)
    group.meetings[3].substitute = sol
    db.session.flush()
    assert rsc_warning(group).startswith("Ivo holds no qualification to provide RSC on ")
    assert ", and Sol holds none on " in rsc_warning(group)


def test_a_substitute_whose_qualification_covers_only_another_day_is_warned_of(
    ivo: Person, sol: Person
) -> None:
    qualified(ivo)
    group = term(ivo)
    qualified(sol, held_until=group.meetings[3].starts_wall.date() - timedelta(days=1))
    group.meetings[3].substitute = sol
    db.session.flush()
    assert "Sol holds no qualification" in rsc_warning(group)


def test_whoever_gave_up_their_seat_keeps_the_hours_with_each(ana: Person, ivo: Person, sol: Person) -> None:
    qualified(ivo)
    qualified(sol)
    group = held(ivo, sol, 2)
    seat = seated(ana, group, ivo)
    mark(group.meetings[1], seat, 120, by=ivo)
    seated(make.person("Bea"), group, ivo)
    enrollment.remove(seat, by=ivo, reason="moved away")
    assert said(lines(ana, group, ivo)) == [("Sol", 120, Standing.ENDORSED)]
