"""What the tests of disputes begin with: Ana's mark on Ivo's session, and what she says about it."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.disputes.models import Dispute, DisputeEntry
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.attendance import sheets
from tests.attendance.sheets import Scene, inside
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]
PRIVATE = "My son was ill, and I was still there."
LINK = "/disputes/"


def marked(app: Flask, cast: Cast, minutes: int | None = 60) -> Scene:
    """Ana was there for an hour of three, says the sheet; None is not marked at all."""
    scene = sheets.scene(app, cast)
    if minutes is not None:
        scene.mark(scene.ana_id, minutes)
    return scene


def url(scene: Scene) -> str:
    return f"/enrollments/{scene.ana_id}/meetings/{scene.meeting_id}/dispute"


def opened(scene: Scene, login_as: LoginAs, text: str = PRIVATE) -> str:
    """Ana disputes her mark; the address of the thread."""
    answer = login_as(scene.cast.ana).post(url(scene), data={"text": text})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def answered(scene: Scene, login_as: LoginAs, **typed: str) -> str:
    """Ana disputes her mark and Ivo answers; he keeps it, unless the test says otherwise."""
    thread = opened(scene, login_as)
    reply = login_as(scene.cast.ivo).post(f"{thread}/answer", data=said(scene, "I looked.", **typed))
    assert reply.status_code == 303, reply.text
    return thread


def said(scene: Scene, text: str, mark: str = "keep", **more: str) -> dict[str, str]:
    """A form as the page gives it now: it names the last entry that was read."""
    return {"text": text, "mark": mark, "seen": str(last(scene)), **more}


def last(scene: Scene) -> int:
    with inside(scene.app):
        return db.session.scalar(sa.select(sa.func.max(DisputeEntry.id))) or 0


def state(scene: Scene) -> str:
    with inside(scene.app):
        return str(db.session.scalars(sa.select(Dispute.state)).one())


def entries(scene: Scene) -> list[tuple[Any, ...]]:
    """What was done by whom, and the minutes before and after."""
    with inside(scene.app):
        rows = db.session.execute(
            sa.select(DisputeEntry.act, Person.name, DisputeEntry.minutes_before, DisputeEntry.minutes_after)
            .join(DisputeEntry.by)
            .order_by(DisputeEntry.id)
        )
        return [(str(row[0]), row[1].split()[0], *row[2:]) for row in rows]


def told(scene: Scene) -> list[tuple[str, str]]:
    """Who was written to about disputes, and the subject, in order."""
    with inside(scene.app):
        jobs = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id)).all()
        return [
            (job.payload["name"].split()[0], job.payload["subject"].partition(":")[0])
            for job in jobs
            if "disputed" in job.payload["subject"]
        ]


def letters(scene: Scene) -> list[str]:
    with inside(scene.app):
        found = sa.select(Job).where(Job.kind == "mail").order_by(Job.id)
        return [job.payload["text"] for job in db.session.scalars(found)]


def trail(scene: Scene) -> list[AuditEntry]:
    with inside(scene.app):
        found = sa.select(AuditEntry).where(AuditEntry.action.startswith("dispute.")).order_by(AuditEntry.id)
        return list(db.session.scalars(found))


def helper(scene: Scene) -> Person:
    """Lea, who helps at the meeting."""
    with inside(scene.app):
        lea = make.person("Lea Sample", is_trainer=True)
        offering = scene.offering
        offering.meetings[0].co_trainers.append(lea)
        return lea
