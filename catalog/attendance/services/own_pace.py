"""Hours for those who work at their own pace: each person when they have finished, while others are still at it."""

from collections.abc import Sequence

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries, reckoning
from catalog.attendance.models import Credit
from catalog.attendance.refusals import NobodyFinished, NotOwnPace, RosterClosed
from catalog.attendance.services import crediting
from catalog.attendance.services.crediting import Giving
from catalog.attendance.services.marking import hold
from catalog.attendance.sheet import Sheet
from catalog.courses.models import Offering
from catalog.courses.queries import rsc_held
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices import audit
from catalog.notices import services as notices


def give_hours(offering: Offering, *, by: Person) -> list[Credit]:
    """Give their hours to all who have finished, and let the roster stay open for those who have not.

    Whoever has their hours already keeps them as they are; where a mark was corrected since, they are superseded.
    Gives the credits that are new, and refuses when there are none."""
    hold(offering)
    sheet = queries.sheet(offering, clock.now())
    refuse_to_give(sheet)
    people = {of.person_id for of in finished(sheet)}
    occasion = f"{offering.id} at {sheet.at.isoformat()}"
    earned = reckoning.reckon(sheet, rsc_held(offering))
    given = crediting.give(offering, earned, Giving(by, occasion), people)
    if not given:
        raise NobodyFinished
    audit.note("credit.given", "offering", offering.id, by=by, people=len({one.person_id for one in given}))
    notices.queue("issue_certificates", {"offering_id": offering.id}, dedupe_key=f"certificates {occasion}")
    db.session.flush()
    return given


def refuse_to_give(sheet: Sheet) -> None:
    if sheet.closing:
        raise RosterClosed("This roster is closed already.")
    if sheet.offering.sittings or not sheet.offering.meetings or sheet.offering.is_cancelled:
        raise NotOwnPace


def finished(sheet: Sheet) -> Sequence[Enrollment]:
    """Those who are marked for all of the work, and did some of it."""
    return [of for of in sheet.people if _has_finished(sheet, of)]


def _has_finished(sheet: Sheet, of: Enrollment) -> bool:
    cells = [sheet.cell(meeting, of) for meeting in sheet.offering.meetings]
    return all(cell.minutes is not None and not cell.is_open for cell in cells) and any(
        cell.minutes for cell in cells
    )
