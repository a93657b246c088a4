"""Writes: a report is kept, its zone changed, its people settled, all of it saved as marks or forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance import queries as attendance
from catalog.attendance.models import Method
from catalog.attendance.refusals import RosterClosed
from catalog.attendance.services.marking import hold, mark
from catalog.attendance.services.walk_ins import new_person, walk_in
from catalog.attendance.sheet import Cell
from catalog.courses.models import Meeting
from catalog.extensions import db
from catalog.notices import audit
from catalog.video import clocks, queries
from catalog.video.models import Report
from catalog.video.reading import Parsed, Participant
from catalog.video.refusals import NotSettled, NoVideoMeeting, ReportRefused, SavedAlready
from catalog.video.settling import Found, Line, Preview, Settled
from catalog.wording import clock_time, day, when, zone_name

APART = timedelta(hours=12)
"""No zone of a report is further from the session's; the same hour of another day is."""


class Upload(NamedTuple):
    digest: str
    file_name: str
    zone: str


class Newcomer(NamedTuple):
    name: str
    email: str


def refuse_meeting(meeting: Meeting) -> None:
    """Raise what stands in the way of any report of this meeting."""
    if meeting.is_own_work:
        raise NoVideoMeeting
    if attendance.closing_of(meeting.offering):
        raise RosterClosed


def keep(meeting: Meeting, upload: Upload, parsed: Parsed, *, by: Person) -> Report:
    """Keep what was read, for the trainer to settle; nobody is marked by it.

    The same file is the same report; sent again before it is saved, it is taken to be in the zone said last."""
    refuse_meeting(meeting)
    known = queries.same_report(meeting.id, upload.digest)
    if known and known.saved_at:
        return known
    refuse_times(meeting, parsed, upload.zone)
    if known:
        known.zone = upload.zone
        return known
    db.session.execute(queries.forgotten(clock.now()))
    report = Report(
        meeting_id=meeting.id,
        digest=upload.digest,
        file_name=upload.file_name,
        source=parsed.source,
        zone=upload.zone,
        participants=[one.as_json() for one in parsed.participants],
        read_at=clock.now(),
        read_by_id=by.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(report)
    except IntegrityError:
        # Somebody else sent the same file in this moment.
        known = queries.same_report(meeting.id, upload.digest)
        if known is None:
            raise
        return known
    people, name = len(parsed.participants), parsed.source.value
    audit.note(
        "video.read", "offering", meeting.offering_id, by=by, meeting=meeting.number, people=people, of=name
    )
    return report


def refuse_times(meeting: Meeting, parsed: Parsed, zone: str) -> None:
    """Times that were never, and reports of other meetings."""
    if problems := clocks.impossible(parsed.participants, zone):
        raise ReportRefused("Some times of this report never were. Is it in another time zone?", problems)
    said = clocks.first_and_last(parsed.participants) or parsed.held
    if said is None or _is_of(meeting, parsed, zone):
        return
    raise ReportRefused(
        f"This report is of another meeting: it runs from {_said(said[0])} to {_said(said[1])}, and this meeting is "
        f"{when(meeting.starts_at, meeting.ends_at, meeting.offering.zone)}. Nothing was saved."
    )


def _is_of(meeting: Meeting, parsed: Parsed, zone: str) -> bool:
    """In the zone that was chosen, or in another of those that people may have chosen."""
    if any(one.joins for one in parsed.participants):
        fits = clocks.inside(parsed.participants, meeting, zone)
        return bool(fits) or clocks.better_zone(parsed.participants, meeting, zone) is not None
    start, end = parsed.held or (meeting.starts_wall, meeting.ends_wall)
    return start <= meeting.ends_wall + APART and end >= meeting.starts_wall - APART


def _said(wall: datetime) -> str:
    return f"{day(wall)}, {clock_time(wall.replace(tzinfo=clock.now().tzinfo), 'UTC')}"


def change_zone(report: Report, zone: str) -> None:
    """Say that the report's times are of another zone's clocks."""
    report = queries.held_report(report)
    if report.saved_at:
        raise SavedAlready
    participants = [Participant.from_json(kept) for kept in report.participants]
    if problems := clocks.impossible(participants, zone):
        raise ReportRefused(f"This report is not in {zone_name(zone)}. {problems[0]}")
    report.zone = zone
    db.session.flush()


def discard(report: Report) -> None:
    """Forget a report that was not saved, with every name in it."""
    if queries.held_report(report).saved_at:
        raise SavedAlready
    db.session.execute(sa.delete(Report).where(Report.id == report.id))


def preview(report: Report, settled: Settled | None = None) -> Preview:
    sheet = attendance.sheet(report.meeting.offering, clock.now())
    return Preview(report, sheet, queries.trainers_of(report.meeting), settled or Settled())


def save(report: Report, settled: Settled, newcomers: Mapping[int, Newcomer], *, by: Person) -> int:
    """Turn the report into marks, in one transaction: how many marks are new or different.

    Raises NotSettled while something is left to say. What the roster says already is not written again, and the
    addresses and names of those who are not on it are forgotten."""
    hold(report.meeting.offering)
    report = queries.held_report(report)
    if report.saved_at:
        raise SavedAlready
    found = preview(report, settled)
    if left := len(found.open_people) + len(found.open_lines):
        raise NotSettled(left)
    lines = _with_newcomers(found, newcomers, by)
    cells = [line.cell(found.meeting) for line in lines if line.is_saved]
    cells += [Cell(found.meeting, cell.enrollment, 0) for cell in found.absent]
    mark(report.meeting.offering, cells, by=by, method=Method.VIDEO)
    _close(report, lines, by)
    _note(found, lines, len(cells), by)
    db.session.flush()
    return len(cells)


def _with_newcomers(found: Preview, newcomers: Mapping[int, Newcomer], by: Person) -> list[Line]:
    """The lines of the roster and of those who walk in; whoever turns out to be on it is one line."""
    lines = {line.enrollment.id: line for line in found.lines}
    for one in found.walk_ins:
        name, email = newcomers[one.number]
        enrolled = walk_in(new_person(name, email, by=by), found.sheet.offering, by=by)
        known = lines.get(enrolled.id)
        devices: Sequence[Found] = [*(known.devices if known else ()), one]
        lines[enrolled.id] = found.line(enrolled, devices)
    return list(lines.values())


def _close(report: Report, lines: Sequence[Line], by: Person) -> None:
    report.saved_at, report.saved_by_id = clock.now(), by.id
    report.participants = [_kept(line) for line in lines]


def _kept(line: Line) -> dict[str, Any]:
    """What is kept of somebody on the roster: no name, no address."""
    return {
        "enrollment_id": line.enrollment.id,
        "minutes": line.attended.minutes,
        "spans": [[came.isoformat(), left.isoformat()] for came, left in line.attended.spans],
    }


def _note(found: Preview, lines: Sequence[Line], marks: int, by: Person) -> None:
    audit.note(
        "video.saved",
        "offering",
        found.meeting.offering_id,
        by=by,
        meeting=found.meeting.number,
        people=len(lines),
        marks=marks,
        agreed=sum(line.agrees for line in lines),
        absent=len(found.absent),
        left_out=sum(one.answer == "out" for one in found.found),
    )
