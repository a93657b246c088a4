"""When everything stands again: is each thing that was told there once, and has every letter come?

Each function gives sentences; none is good. The journals and the mailbox are what is believed, and the database is
what is judged."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from catalog.accounts.models import Person
from catalog.attendance.models import Mark, Recording
from catalog.enrollment.models import LIVE, Enrollment, State
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job, JobState
from catalog.notices.outcomes import NO_LONGER_SO, SENT
from catalog.records.models import HourEntry
from tests.torture.clients import Client, Desk, Importer, Learner, Table, Trainer
from tests.torture.scene import Scene
from tests.year.sink import Arrived, Sink

HOST = "127.0.0.1"
Kind = TypeVar("Kind", bound=Client)


def judge(scene: Scene, people: Sequence[Client], sink: Sink) -> list[str]:
    """Everything that is wrong, in sentences."""
    return [
        *(f"{one.who.email}: {type(one.error).__name__}: {one.error}" for one in people if one.error),
        *unreadable(people),
        *places(scene, of(Learner, people), sink),
        *marks(of(Trainer, people)),
        *hours(of(Importer, people), of(Desk, people)),
        *lists(of(Desk, people), sink),
        *mail(sink),
        *jobs(),
    ]


def of(kind: type[Kind], people: Sequence[Client]) -> list[Kind]:
    return [one for one in people if isinstance(one, kind)]


def unreadable(people: Sequence[Client]) -> Iterator[str]:
    """An outage has a page of its own; whoever saw another failure saw something unreadable."""
    for status, count in sum((one.pages for one in people), Counter()).items():
        if status.startswith("5") and status != "503":
            yield f"{count} answers were {status} instead of 503"


def places(scene: Scene, learners: Iterable[Learner], sink: Sink) -> Iterator[str]:
    """As many places as were told, no more and no less; the trail and the mailbox say the same."""
    rows: dict[tuple[int, int], list[State]] = defaultdict(list)
    for person_id, offering_id, state in db.session.execute(
        sa.select(Enrollment.person_id, Enrollment.offering_id, Enrollment.state)
    ):
        rows[person_id, offering_id].append(state)
    trail = _trail()
    came = Counter((one.to, _kind(one), one.subject.partition(": ")[2]) for one in sink.each_once())
    for learner in learners:
        who = learner.who
        for offering_id, title in scene.open.items():
            place, found = learner.places[offering_id], rows[who.id, offering_id]
            left = sum(state == State.WITHDRAWN for state in found)
            live = sum(state in LIVE for state in found)
            about = f"{who.email} on session {offering_id}"
            if not place.joined <= len(found) <= place.joined + (place.unsure == "enroll"):
                yield f"{about}: joined {place.joined} times, {len(found)} rows, unsure {place.unsure!r}"
            if not place.left <= left <= place.left + (place.unsure == "withdraw"):
                yield f"{about}: left {place.left} times, {left} rows say so, unsure {place.unsure!r}"
            if left + live != len(found) or live > 1:
                yield f"{about}: {found}"
            said = [trail[action, who.id, offering_id] for action in ("joined", "withdrawn")]
            if said != [len(found), left]:
                yield f"{about}: the trail says {said}, the rows {[len(found), left]}"
            joining = came[who.email, "seat.taken", title] + came[who.email, "seat.waiting", title]
            leaving = came[who.email, "seat.withdrawn", title]
            if (joining, leaving) != (len(found), left):
                yield f"{about}: {joining} letters of joining, {leaving} of leaving; rows {len(found)}, {left}"
    told, unsure = _sum(learners, "accept")
    accepted = sum(count for (action, _, _), count in trail.items() if action == "accepted")
    if not told <= accepted <= told + unsure:
        yield f"{told} offers were taken and {unsure} perhaps; the trail says {accepted}"


def _trail() -> Counter[tuple[str, int, int]]:
    """How often each person joined, left and accepted on each session, by the audit trail."""
    words = {"seated": "joined", "waiting": "joined", "withdrawn": "withdrawn", "accepted": "accepted"}
    entries = db.session.execute(
        sa.select(AuditEntry.action, AuditEntry.person_id, AuditEntry.about_id).where(
            AuditEntry.action.in_(f"enrollment.{word}" for word in words)
        )
    )
    return Counter((words[action.partition(".")[2]], person or 0, about) for action, person, about in entries)


def marks(trainers: Iterable[Trainer]) -> Iterator[str]:
    """Each tap that was told is written down once; the mark is the last one told, or a later one that came too."""
    written = Counter(db.session.scalars(sa.select(Recording.tap)))
    standing: dict[int, int] = {
        row[0]: row[1] for row in db.session.execute(sa.select(Mark.enrollment_id, Mark.minutes))
    }
    for trainer in trainers:
        possible: dict[int, set[int]] = defaultdict(set)
        for tap in trainer.taps:
            count = written[tap.name]
            if count != 1 and (tap.told or count):
                yield f"tap {tap.name} was {'told' if tap.told else 'given up'} and is there {count} times"
            if tap.told:
                possible[tap.enrollment_id] = {tap.minutes}
            elif count:
                possible[tap.enrollment_id].add(tap.minutes)
        for enrollment_id, minutes in possible.items():
            if minutes and standing.get(enrollment_id) not in minutes:
                yield f"the mark of {enrollment_id} is {standing.get(enrollment_id)}, told was {minutes}"


def hours(importers: Iterable[Importer], desks: Iterable[Desk]) -> Iterator[str]:
    titles = Counter(db.session.scalars(sa.select(HourEntry.title)))
    everybody: list[Importer | Desk] = [*importers, *desks]
    for one in everybody:
        for table in one.tables:
            yield from _whole(table, titles, "an entry")


def lists(desks: Iterable[Desk], sink: Sink) -> Iterator[str]:
    """Each new person has one account, one place and one letter of each kind."""
    accounts = Counter(db.session.scalars(sa.select(Person.email)))
    rows = sa.select(Person.email).join(Enrollment, Enrollment.person_id == Person.id)
    on_it = Counter(db.session.scalars(rows.where(Enrollment.state.in_(LIVE))))
    came = Counter((one.to, _kind(one)) for one in sink.each_once())
    for desk in desks:
        for table in desk.guests:
            yield from _whole(table, accounts, "an account")
            yield from _whole(table, on_it, "a place")
            for who in table.rows:
                letters = [came[who, kind] for kind in ("account.invited", "seat.taken")]
                if letters not in ([1, 1], [0, 0]) or (table.told and letters != [1, 1]):
                    yield f"{who}: {letters} letters of an account and a place, told {table.told}"


def _whole(table: Table, there: Counter[str], what: str) -> Iterator[str]:
    """All of it once when it was told; all of it once, or nothing, when it was not."""
    found = {there[row] for row in table.rows}
    if found != {1} and (table.told or found != {0}):
        counts = [there[row] for row in table.rows]
        yield f"{what} for each of {table.rows}: {counts}, {'told' if table.told else 'given up'}"


def mail(sink: Sink) -> Iterator[str]:
    """Every letter came, and whoever knows a message by its Message-ID has it once."""
    wanted = _jobs(Job.outcome.startswith(SENT))
    # One may come, its worker be killed before that is written down, and what it says be over by the second try.
    outdated = _jobs(Job.outcome == NO_LONGER_SO)
    came: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for one in sink.arrived:
        came[re.sub(r"^<(job-\d+).*", r"\1", one.message_id)].add((one.message_id, one.to, one.subject))
    if missing := wanted - came.keys():
        yield f"{len(missing)} letters are said to be sent and never came: {sorted(missing)[:5]}"
    if strange := came.keys() - wanted - outdated:
        yield f"{len(strange)} letters came that nobody knows to be sent: {sorted(strange)[:5]}"
    for name, faces in came.items():
        if len(faces) > 1:
            yield f"{name} came with different faces: {faces}"


def _jobs(which: sa.ColumnElement[bool]) -> set[str]:
    """What the letters of these jobs are called in their Message-ID."""
    numbers = db.session.scalars(sa.select(Job.id).where(Job.kind == "mail", which))
    return {f"job-{number}" for number in numbers}


def jobs() -> Iterator[str]:
    """Nothing was given up, and no letter still waits."""
    for kind, state, count in db.session.execute(
        sa.select(Job.kind, Job.state, sa.func.count())
        .where(sa.or_(Job.state == JobState.DEAD, sa.and_(Job.kind == "mail", Job.state == JobState.READY)))
        .group_by(Job.kind, Job.state)
    ):
        yield f"{count} jobs of kind {kind} are {state}"


def _sum(people: Iterable[Any], what: str) -> tuple[int, int]:
    everybody = list(people)
    return sum(one.told[what] for one in everybody), sum(one.unsure[what] for one in everybody)


def _kind(one: Arrived) -> str:
    """What kind of letter it is, as mail programs sort it: `seat.taken` of `<seat.taken.127.0.0.1>`."""
    return str(one.message["List-Id"] or "").strip("<>").removesuffix(f".{HOST}")
