"""What there may be only one of: the database itself refuses the second, whatever the code above it does."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog import clock
from catalog.attendance import services as attendance
from catalog.attendance.models import Credit, Recording
from catalog.certificates.models import CertificateKind
from catalog.courses.models import Kind
from catalog.disputes.models import Dispute, DisputeState
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.video.models import Report, Source
from tests import factories as make
from tests.attendance.sheets import held, mark_all, seat
from tests.certificates.papers import closed, issued, written

pytestmark = pytest.mark.usefixtures("context")


def again(row: Any, **other: Any) -> None:
    """Insert the row once more, with a number of its own and these columns otherwise."""
    table = type(row).__table__
    columns = {column.name: getattr(row, column.name) for column in table.columns if column.name != "id"}
    with db.session.begin_nested():
        db.session.execute(sa.insert(type(row)).values({**columns, **other}))


def test_a_certificate_in_force_for_an_offering() -> None:
    certificate = issued(closed())
    with pytest.raises(IntegrityError, match="certificate"):
        again(certificate, number="0000-0000-0000")
    again(certificate, number="0000-0000-0000", superseded_at=clock.now())


def test_a_certificate_in_force_for_a_certificate_course() -> None:
    ana, course = make.person("Ana Sample"), make.course(kind=Kind.CERTIFICATE_COURSE)
    of = written(ana, make.offering(course))
    as_course = {"kind": CertificateKind.COURSE, "offering_id": None}
    again(of, number="0000-0000-0000", **as_course)
    with pytest.raises(IntegrityError, match="certificate"):
        again(of, number="1111-1111-1111", **as_course)
    again(of, number="1111-1111-1111", **as_course, revoked_at=clock.now())


def test_a_credit_of_one_person_also_over_two_enrollments() -> None:
    ivo, offering = make.person("Ivo Sample"), held()
    [ana] = seat(offering, "Ana Sample", by=ivo)
    mark_all(offering, by=ivo)
    attendance.close(offering, by=ivo)
    credit = db.session.scalars(sa.select(Credit)).one()
    other = Enrollment(
        offering=offering, person=ana.person, state=State.REMOVED, joined_at=clock.now(), ended_at=clock.now()
    )
    db.session.add(other)
    db.session.flush()
    with pytest.raises(IntegrityError, match="credit"):
        again(credit, enrollment_id=other.id)
    again(credit, enrollment_id=other.id, superseded_at=clock.now())


def test_a_report_of_one_file_for_a_meeting() -> None:
    meeting = held().meetings[0]
    report = Report(
        meeting=meeting,
        digest="0" * 64,
        file_name="report.csv",
        source=Source.ZOOM,
        zone="America/Chicago",
        participants=[],
        read_at=clock.now(),
        read_by_id=make.person().id,
    )
    db.session.add(report)
    db.session.flush()
    with pytest.raises(IntegrityError, match="video_report"):
        again(report)
    again(report, digest="1" * 64)


def test_a_dispute_at_a_time_about_a_mark() -> None:
    offering = held()
    [ana] = seat(offering, "Ana Sample", by=make.person())
    dispute = Dispute(
        enrollment=ana,
        meeting=offering.meetings[0],
        state=DisputeState.ANSWERED,
        opened_at=clock.now(),
    )
    db.session.add(dispute)
    db.session.flush()
    with pytest.raises(IntegrityError, match="dispute"):
        again(dispute, state=DisputeState.WITH_TRAINER)
    again(dispute, state=DisputeState.SETTLED)


def test_a_recording_of_one_tap() -> None:
    ivo, offering = make.person("Ivo Sample"), held()
    seat(offering, "Ana Sample", by=ivo)
    mark_all(offering, by=ivo)
    recording = db.session.scalars(sa.select(Recording)).one()
    recording.tap = "one"
    db.session.flush()
    with pytest.raises(IntegrityError, match="recording"):
        again(recording, said_at=recording.said_at + timedelta(seconds=1))
    again(recording, tap="another")
