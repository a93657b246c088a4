"""What the tests of following begin with: sessions that are posted as a trainer posts them, and a worker."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.cli.work import HOURLY, handlers
from catalog.courses import search
from catalog.courses.models import Course, Offering
from catalog.extensions import db, writing
from catalog.following import services
from catalog.following.models import HowOften, SavedSearch
from catalog.notices import worker
from catalog.notices.models import Job
from tests import factories as make
from tests.browse.pages import inside

__all__ = ["inside"]


def saved(person: Person, query: str = "", how_often: HowOften = HowOften.AT_ONCE) -> SavedSearch:
    return services.save(db.session.get_one(Person, person.id), query, "", how_often)


def posted(of: Course | None = None, **fields: Any) -> Offering:
    """A session, and what follows from posting it."""
    made = make.offering(of, **fields)
    search.index(made.course)
    return made


def work(app: Flask) -> None:
    """Everything that is due now, by the real worker; mail is not sent, so that the tests can read it."""
    jobs = {**handlers(app.config["CATALOG"]), "mail": lambda _job_id, _payload: None}
    worker.work(app, jobs, stop=threading.Event(), once=True, hourly=HOURLY)


def letters(app: Flask, kind: str | None = None) -> list[dict[str, Any]]:
    """The payloads of the mail that was asked for, in order."""
    with app.app_context():
        writing.set(False)
        jobs = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))
        return [job.payload for job in jobs if kind is None or job.payload.get("kind") == kind]


@contextmanager
def later(by: timedelta) -> Iterator[datetime]:
    at = clock.now() + by
    with clock.at(at):
        yield at
