"""Closing the roster, which turns marks into credit, and opening it again."""

from collections.abc import Collection, Sequence

from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries, reckoning
from catalog.attendance.models import Credit, RosterClosing
from catalog.attendance.refusals import (
    NotGone,
    NothingToClose,
    NotOver,
    RosterClosed,
    RosterOpen,
    StillUnmarked,
    WorkNotDue,
)
from catalog.attendance.services import crediting
from catalog.attendance.services.crediting import Giving
from catalog.attendance.services.marking import hold, mark
from catalog.attendance.sheet import Cell, Sheet
from catalog.competencies.models import Ledger
from catalog.courses.models import Offering
from catalog.courses.queries import rsc_held
from catalog.courses.wording import OWN_WORK
from catalog.enrollment.services import wait_for_joiners
from catalog.errors import ReasonNeeded
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices import services as notices
from catalog.wording import day


def close(offering: Offering, *, by: Person) -> list[Credit]:
    """Turn the marks into credit by the course's rule as it is written today, and let nobody mark any more.

    Credit from an earlier closing that says the same stays as it is; what differs is superseded by a new row.
    Everybody whose hours are new or different is told. The whole of it is one transaction: either all of it
    happened, or nothing did. Gives the credits that are new."""
    hold(offering)
    return _close(offering, by)


def correct(offering: Offering, cells: Sequence[Cell], *, by: Person, reason: str) -> list[Credit]:
    """Change marks on a closed roster: opened with the reason, marked and closed again, or nothing of it.

    Only the hours of those whose marks these are are reckoned again. Gives the credits that are new."""
    people = {cell.enrollment.person_id for cell in cells}
    reopen(offering, by=by, reason=reason)
    mark(offering, cells, by=by)
    return _close(offering, by, people)


def _close(offering: Offering, by: Person, only: Collection[int] | None = None) -> list[Credit]:
    # Whoever takes a seat this moment is on the sheet, and whoever comes later finds the roster closed.
    wait_for_joiners(offering)
    sheet = queries.sheet(offering, clock.now())
    refuse_to_close(sheet)
    closing = _closed(offering, by)
    offering.settled_at = closing.closed_at
    earned = reckoning.reckon(sheet, rsc_held(offering))
    reason = sheet.last_closing.reason if sheet.last_closing else None
    given = crediting.give(offering, earned, Giving(by, str(closing.id), reason), only)
    audit.note(
        "roster.closed",
        "offering",
        offering.id,
        by=by,
        people=len({one.enrollment.id for one in earned}),
        training_minutes=sum(one.counts for one in earned if one.ledger == Ledger.TRAINING),
        rsc_minutes=sum(one.counts for one in earned if one.ledger == Ledger.RSC),
    )
    notices.queue("issue_certificates", {"offering_id": offering.id}, dedupe_key=f"certificates {closing.id}")
    db.session.flush()
    return given


def refuse_to_close(sheet: Sheet) -> None:
    """Raise the refusal that stands in the way of closing this sheet, if there is one."""
    if sheet.closing:
        raise RosterClosed("This roster is closed already.")
    if not sheet.held or not (sheet.people or sheet.left):
        raise NothingToClose
    if still_on := sheet.still_on:
        last = max(still_on, key=lambda meeting: meeting.ends_at)
        ends = day(last.ends_at, sheet.offering.zone)
        raise WorkNotDue(OWN_WORK[last.kind], ends) if last.is_own_work else NotOver(ends)
    if sheet.not_gone:
        raise NotGone(", ".join(dict.fromkeys(cell.enrollment.person.name for cell in sheet.not_gone)))
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
