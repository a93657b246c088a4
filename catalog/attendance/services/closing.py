"""Closing the roster, which turns marks into credit, and opening it again."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries, reckoning
from catalog.attendance.models import Credit, CreditArea, KnownBy, RosterClosing
from catalog.attendance.queries import Sheet
from catalog.attendance.reckoning import Earned
from catalog.attendance.refusals import (
    NothingToClose,
    NotOver,
    ReasonNeeded,
    RosterClosed,
    RosterOpen,
    StillUnmarked,
)
from catalog.attendance.services.marking import hold
from catalog.competencies.models import Ledger
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices import services as notices
from catalog.wording import day, hours


def close(offering: Offering, *, by: Person) -> list[Credit]:
    """Turn the marks into credit by the course's rule as it is written today, and let nobody mark any more.

    Credit from an earlier closing is superseded, never changed. Everybody whose hours are new or different is
    told. The whole of it is one transaction: either all of it happened, or nothing did."""
    hold(offering)
    sheet = queries.sheet(offering, clock.now())
    refuse_to_close(sheet)
    closing = _closed(offering, by)
    offering.settled_at = closing.closed_at
    before = _supersede(offering)
    earned = reckoning.reckon(sheet, queries.rsc_qualifications(offering.trainer_id))
    given = [_credit(one, offering, by) for one in earned]
    db.session.add_all(given)
    audit.note(
        "roster.closed",
        "offering",
        offering.id,
        by=by,
        people=len({one.enrollment.id for one in earned}),
        training_minutes=sum(one.counts for one in earned if one.ledger == Ledger.TRAINING),
        rsc_minutes=sum(one.counts for one in earned if one.ledger == Ledger.RSC),
    )
    _tell_everyone(earned, before, closing)
    db.session.flush()
    return given


def refuse_to_close(sheet: Sheet) -> None:
    """Raise the refusal that stands in the way of closing this sheet, if there is one."""
    if sheet.closing:
        raise RosterClosed("This roster is closed already.")
    if sheet.offering.is_cancelled or not sheet.offering.meetings or not (sheet.people or sheet.left):
        raise NothingToClose
    if not sheet.is_over:
        last = sheet.offering.meetings[-1]
        raise NotOver(day(last.ends_at, sheet.offering.zone))
    if sheet.unmarked:
        raise StillUnmarked(len(sheet.unmarked), len({cell.enrollment.id for cell in sheet.unmarked}))


def _closed(offering: Offering, by: Person) -> RosterClosing:
    """The row that says so. Two people who close at once both look first; the database lets one of them."""
    closing = RosterClosing(offering_id=offering.id, closed_at=clock.now(), closed_by_id=by.id)
    try:
        with db.session.begin_nested():
            db.session.add(closing)
    except IntegrityError as error:
        raise RosterClosed("This roster is closed already.") from error
    return closing


Figures = tuple[int, str]


def _supersede(offering: Offering) -> dict[tuple[int, Ledger], Figures]:
    """Put earlier credit out of force, and say what it was by person and ledger: minutes and why they did not
    count."""
    before: dict[tuple[int, Ledger], Figures] = {}
    for old in queries.credits_in_force(offering):
        before[old.person_id, old.ledger] = (old.minutes, old.not_counted_because)
        old.superseded_at = clock.now()
    db.session.flush()
    return before


def _credit(earned: Earned, offering: Offering, by: Person) -> Credit:
    return Credit(
        person_id=earned.enrollment.person_id,
        enrollment_id=earned.enrollment.id,
        offering_id=offering.id,
        ledger=earned.ledger,
        minutes=earned.minutes,
        attended_minutes=earned.attended,
        held_minutes=earned.held,
        rule=earned.rule,
        not_counted_because=earned.not_counted_because,
        earned_on=earned.earned_on,
        known_by=KnownBy.ATTENDANCE,
        given_at=clock.now(),
        given_by_id=by.id,
        areas=[
            CreditArea(area_id=area.area_id, minutes=area.minutes, was_reviewed=area.was_reviewed)
            for area in earned.areas
        ],
    )


def _tell_everyone(
    earned: Sequence[Earned], before: dict[tuple[int, Ledger], Figures], closing: RosterClosing
) -> None:
    by_person: dict[Enrollment, list[Earned]] = {}
    for one in earned:
        by_person.setdefault(one.enrollment, []).append(one)
    for enrollment, ledgers in by_person.items():
        person_id = enrollment.person_id
        now = {(person_id, one.ledger): (one.minutes, one.not_counted_because) for one in ledgers}
        if now != {key: figures for key, figures in before.items() if key[0] == person_id}:
            _tell(enrollment, ledgers, closing, corrected=bool(before))


def _tell(enrollment: Enrollment, ledgers: Sequence[Earned], closing: RosterClosing, corrected: bool) -> None:
    title = enrollment.offering.course.title
    lines = [_line(one) for one in ledgers]
    opening = "Your hours were checked again and changed." if corrected else "Your hours are there."
    text = "\n\n".join([f"{title}\n{opening}", *lines, "You find all your hours under My learning."])
    notices.tell(
        enrollment.person,
        f"Your hours: {title}",
        text,
        dedupe_key=f"hours {closing.id} {enrollment.person_id}",
    )


LEDGER_NAMES = {
    Ledger.TRAINING: "Training hours",
    Ledger.RSC: "Reflective supervision or consultation hours",
}


def _line(earned: Earned) -> str:
    line = (
        f"{LEDGER_NAMES[earned.ledger]}: {hours(earned.minutes)}. You were there for {hours(earned.attended)}"
    )
    line += f" of {hours(earned.held)}. The rule: {earned.rule}"
    return f"{line}\nThey do not count: {earned.not_counted_because}" if earned.not_counted_because else line


def reopen(offering: Offering, *, by: Person, reason: str) -> None:
    """Let marks be changed again. The credit given stays in force until the roster is closed once more."""
    reason = reason.strip()
    if not reason:
        raise ReasonNeeded
    hold(offering)
    closing = queries.closing_of(offering)
    if closing is None:
        raise RosterOpen
    closing.reopened_at, closing.reopened_by_id, closing.reason = clock.now(), by.id, reason
    offering.settled_at = None
    audit.note("roster.reopened", "offering", offering.id, by=by, reason=reason)
    db.session.flush()
