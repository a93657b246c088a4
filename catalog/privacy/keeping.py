"""What is over its time, kind by kind: found in a read, and forgotten some rows at once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import SignIn
from catalog.calendars.models import CalendarEntry, CalendarFeed
from catalog.checkin.models import Door
from catalog.coordinating.models import TableImport
from catalog.courses.models import Meeting, Offering
from catalog.endorsement.models import ShareLink
from catalog.enrollment.models import Enrollment
from catalog.extensions import db, start_writing, writing
from catalog.following.models import SavedSearchHit
from catalog.limits import Tally
from catalog.notices import audit
from catalog.notices import services as notices
from catalog.notices.models import AuditEntry, Bounce, Job, JobState
from catalog.privacy.models import Departure, PersonalExport
from catalog.privacy.services import leaving
from catalog.records.models import CheckState, Education, EntryState, Evidence, HourEntry, HourImport
from catalog.retention import KINDS
from catalog.teaching.models import Material
from catalog.video.models import Report
from catalog.watching.models import CheckRun

AT_ONCE = 500
Find = Callable[[datetime], sa.Select[Any]]
"""The keys of rows that are over their time, given the day from which on everything is kept."""
Forget = Callable[[list[Any]], None]


Hold = Callable[[Sequence[Any], list[Any]], None]
"""Wait for whoever changes one of the rows with these keys, given the columns of the keys."""


def _hold_rows(columns: Sequence[Any], keys: list[Any]) -> None:
    """In their order; on SQLite nobody else writes anyway."""
    rows = sa.select(*columns).where(_is_one_of(columns, keys)).order_by(*columns)
    db.session.execute(rows.with_for_update(key_share=True)).all()


def _is_one_of(columns: Sequence[Any], keys: list[Any]) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = (columns[0] if len(columns) == 1 else sa.tuple_(*columns)).in_(keys)
    return found


class Purge(NamedTuple):
    find: Find
    forget: Forget
    hold: Hold = _hold_rows


def _delete(table: Any, key: Any) -> Forget:
    return lambda keys: _write(sa.delete(table).where(key.in_(keys)))


def _empty(table: Any, key: Any, **values: Any) -> Forget:
    return lambda keys: _write(sa.update(table).where(key.in_(keys)).values(**values))


def _write(change: Any) -> None:
    db.session.execute(change.execution_options(synchronize_session=False))


def _letter_words(before: datetime) -> sa.Select[Any]:
    has_words = Job.payload["text"].as_string() != ""
    return sa.select(Job.id).where(
        Job.kind == "mail", Job.state == JobState.DONE, Job.done_at < before, has_words
    )


def _forget_words(keys: list[Any]) -> None:
    for job_id, payload in db.session.execute(sa.select(Job.id, Job.payload).where(Job.id.in_(keys))).all():
        _write(sa.update(Job).where(Job.id == job_id).values(payload={**payload, "text": "", "values": {}}))


def _jobs(is_mail: bool) -> Find:
    """Also those that were given up, which were never done."""
    kind = Job.kind == "mail" if is_mail else Job.kind != "mail"
    ended = sa.func.coalesce(Job.done_at, Job.run_at)
    return lambda before: sa.select(Job.id).where(kind, Job.state != JobState.READY, ended < before)


def _over(before: datetime) -> sa.ColumnElement[bool]:
    return Offering.ends_at < before


def _search_hits(before: datetime) -> sa.Select[Any]:
    return (
        sa.select(SavedSearchHit.search_id, SavedSearchHit.offering_id)
        .join(SavedSearchHit.offering)
        .where(_over(before))
    )


def _forget_hits(keys: list[Any]) -> None:
    pair = sa.tuple_(SavedSearchHit.search_id, SavedSearchHit.offering_id)
    _write(sa.delete(SavedSearchHit).where(pair.in_([tuple(key) for key in keys])))


def _answers(before: datetime) -> sa.Select[Any]:
    said = sa.or_(Enrollment.answer != "", Enrollment.access_request != "")
    return sa.select(Enrollment.id).join(Enrollment.offering).where(_over(before), said)


def _evidence(before: datetime) -> sa.Select[Any]:
    """Files that no line shows any more which counts, waits, or stopped counting only lately."""
    stopped = sa.func.coalesce(HourEntry.superseded_at, HourEntry.checked_at, HourEntry.added_at)
    rests = sa.or_(
        HourEntry.superseded_at.is_not(None), HourEntry.state.in_((EntryState.RETURNED, EntryState.WITHDRAWN))
    )
    needed = sa.exists().where(
        HourEntry.evidence_id == Evidence.id, sa.not_(sa.and_(rests, stopped < before))
    )
    returned = sa.and_(Education.state == CheckState.RETURNED, Education.checked_at < before)
    of_education = sa.exists().where(Education.evidence_id == Evidence.id, sa.not_(returned))
    return sa.select(Evidence.id).where(Evidence.added_at < before, ~needed, ~of_education)


def _hold_evidence(_columns: Sequence[Any], keys: list[Any]) -> None:
    """What names them first, as whoever shows one again does. Then the files themselves, as strongly as to delete
    them: whoever names one anew is waited for, too."""
    for table in (HourEntry, Education):
        names = sa.select(table.id).where(table.evidence_id.in_(keys)).order_by(table.id)
        db.session.execute(names.with_for_update(key_share=True)).all()
    files = sa.select(Evidence.id).where(Evidence.id.in_(keys)).order_by(Evidence.id)
    db.session.execute(files.with_for_update()).all()


def _forget_evidence(keys: list[Any]) -> None:
    _write(sa.update(HourEntry).where(HourEntry.evidence_id.in_(keys)).values(evidence_id=None))
    _write(sa.update(Education).where(Education.evidence_id.in_(keys)).values(evidence_id=None))
    _write(sa.delete(Evidence).where(Evidence.id.in_(keys)))


def _imports(before: datetime) -> sa.Select[Any]:
    """Both sorts of tables, as (which, row)."""
    both = [
        sa.select(sa.literal(number).label("which"), table.id).where(
            table.read_at < before, sa.cast(table.rows, sa.Text) != EMPTY_ROWS
        )
        for number, table in enumerate(IMPORTS)
    ]
    return sa.select(sa.union_all(*both).subquery())


IMPORTS: tuple[type[HourImport] | type[TableImport], ...] = (HourImport, TableImport)
EMPTY_ROWS = '{"rows": [], "used": [], "unused": []}'


def _hold_imports(_columns: Sequence[Any], keys: list[Any]) -> None:
    for number, table in enumerate(IMPORTS):
        if ids := [key[1] for key in keys if key[0] == number]:
            _hold_rows([table.id], ids)


def _forget_imports(keys: list[Any]) -> None:
    for number, table in enumerate(IMPORTS):
        ids = [key[1] for key in keys if key[0] == number]
        _write(sa.update(table).where(table.id.in_(ids)).values(rows={"rows": [], "used": [], "unused": []}))


def _video_reports(before: datetime) -> sa.Select[Any]:
    named = sa.cast(Report.participants, sa.Text) != "[]"
    return sa.select(Report.id).where(sa.func.coalesce(Report.saved_at, Report.read_at) < before, named)


def _doors(before: datetime) -> sa.Select[Any]:
    return (
        sa.select(Door.meeting_id)
        .join(Meeting, Meeting.id == Door.meeting_id)
        .where(Meeting.ends_at < before, Door.secret != "")
    )


def _departures(before: datetime) -> sa.Select[Any]:
    return sa.select(Departure.id).where(
        Departure.due_at < before, Departure.undone_at.is_(None), Departure.done_at.is_(None)
    )


def _forget_people(keys: list[Any]) -> None:
    # One at a time: each takes locks of its own. The others are found again.
    leaving.leave(keys[0])


def _forget_entries(keys: list[Any]) -> None:
    """The database refuses it but for this; that it was done, and up to when, is an entry itself."""
    last = db.session.scalar(sa.select(sa.func.max(AuditEntry.at)).where(AuditEntry.id.in_(keys)))
    with audit.opened():
        _write(sa.delete(AuditEntry).where(AuditEntry.id.in_(keys)))
    audit.note(
        "trail.purged", "trail", 0, by=None, entries=len(keys), until=last.isoformat() if last else None
    )


PURGES: dict[str, Purge] = {
    "letter_words": Purge(_letter_words, _forget_words),
    "letters": Purge(_jobs(True), _delete(Job, Job.id)),
    "jobs": Purge(_jobs(False), _delete(Job, Job.id)),
    "sign_ins": Purge(
        lambda before: sa.select(SignIn.id).where(SignIn.ends_at < before), _delete(SignIn, SignIn.id)
    ),
    "attempts": Purge(
        lambda before: sa.select(Tally.key).where(Tally.until < before), _delete(Tally, Tally.key)
    ),
    "feeds": Purge(
        lambda before: sa.select(CalendarFeed.id).where(CalendarFeed.revoked_at < before),
        _delete(CalendarFeed, CalendarFeed.id),
    ),
    "links": Purge(
        lambda before: sa.select(ShareLink.id).where(
            sa.or_(ShareLink.revoked_at < before, ShareLink.expires_at < before)
        ),
        _delete(ShareLink, ShareLink.id),
    ),
    "calendar": Purge(
        lambda before: sa.select(CalendarEntry.id).join(CalendarEntry.offering).where(_over(before)),
        _delete(CalendarEntry, CalendarEntry.id),
    ),
    "doors": Purge(_doors, _empty(Door, Door.meeting_id, secret="", printed_secret=None, is_open=False)),
    "answers": Purge(_answers, _empty(Enrollment, Enrollment.id, answer="", access_request="")),
    "evidence": Purge(_evidence, _forget_evidence, _hold_evidence),
    "imports": Purge(_imports, _forget_imports, _hold_imports),
    "reports": Purge(_video_reports, _empty(Report, Report.id, participants=[])),
    "materials": Purge(
        lambda before: sa.select(Material.id).where(Material.removed_at < before),
        _delete(Material, Material.id),
    ),
    "hits": Purge(_search_hits, _forget_hits),
    "bounces": Purge(
        lambda before: sa.select(Bounce.id).where(Bounce.came_at < before, Bounce.cleared_at.is_not(None)),
        _delete(Bounce, Bounce.id),
    ),
    "exports": Purge(
        lambda before: sa.select(PersonalExport.id).where(PersonalExport.expires_at < before),
        _delete(PersonalExport, PersonalExport.id),
    ),
    "accounts": Purge(_departures, _forget_people),
    "checks": Purge(
        lambda before: sa.select(CheckRun.id).where(CheckRun.began_at < before),
        _delete(CheckRun, CheckRun.id),
    ),
    "audit": Purge(lambda before: sa.select(AuditEntry.id).where(AuditEntry.at < before), _forget_entries),
}


def count(kind: str, days: Mapping[str, int], at: datetime) -> int:
    """How many rows of this kind are over their time. A read."""
    found = PURGES[kind].find(at - timedelta(days=days[kind])).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def forget_some(kind: str, days: Mapping[str, int], at: datetime) -> int:
    """Forget at most so many rows as are good to forget in one transaction; how many there were. Whoever calls
    commits, and calls again while there are any."""
    db.session.rollback()
    writing.set(False)
    purge = PURGES[kind]
    over = purge.find(at - timedelta(days=days[kind]))
    keys = _keys(over.limit(AT_ONCE))
    # Many are looked through, and nobody waits for the lock meanwhile.
    start_writing()
    if keys:
        # What somebody has put back or sent again since then is not over its time any more. It is looked at by a
        # statement of its own: the one that waits sees everything else as it was before.
        columns = list(over.selected_columns)
        purge.hold(columns, keys)
        keys = _keys(over.where(_is_one_of(columns, keys)))
    if keys:
        purge.forget(keys)
    return len(keys)


def _keys(found: sa.Select[Any]) -> list[Any]:
    return [row[0] if len(row) == 1 else tuple(row) for row in db.session.execute(found)]


DAILY = "purge"
JOB = "purge_kind"


def ask_for_all() -> None:
    """Once a day: a job for each kind, so that one that fails holds none of the others up."""
    for kind in PURGES:
        notices.queue(JOB, {"kind": kind}, dedupe_key=f"{JOB} {kind} {clock.now():%Y-%m-%d}")


def forget_for(kind: str, days: Mapping[str, int]) -> str:
    """What the worker does in one job; where that was not all, it asks for another."""
    rows = forget_some(kind, days, clock.now()) if kind in PURGES else 0
    if rows == AT_ONCE or (rows and kind == "accounts"):
        notices.queue(JOB, {"kind": kind})
    return f"{rows} of {kind}"


def sentence(kind: str, days: Mapping[str, int]) -> str:
    """What is kept how long, and why."""
    said = KINDS[kind]
    number = "a day" if days[kind] == 1 else f"{days[kind]:,} days"
    return f"{said.what[:1].upper()}{said.what[1:]}: {number} after {said.since}. {said.why}"
