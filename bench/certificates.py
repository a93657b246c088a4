"""`python -m bench.certificates`: certificates per second and the memory of the worker that makes them.

A session of 200 people is closed and certified in a scratch database. Then a real worker process makes the 200
pages, and another one the file that holds all of them; three times, each on a fresh copy. The letters about them are
put aside, so that only the drawing is measured."""

import argparse
import multiprocessing
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import NamedTuple

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from bench.build import FRAMEWORK
from catalog import clock, config, create_app
from catalog.accounts.models import Person
from catalog.attendance import queries as sheets
from catalog.attendance import services as attendance
from catalog.attendance.sheet import Cell
from catalog.certificates import services
from catalog.certificates.models import CertificateBatch, CertificatePage
from catalog.cli.work import handlers
from catalog.competencies.models import Topic
from catalog.competencies.services.loading import load_framework
from catalog.courses.models import (
    Basis,
    Course,
    CourseArea,
    CourseState,
    CourseTopic,
    Format,
    Kind,
    Meeting,
    Offering,
)
from catalog.enrollment import services as enrollment
from catalog.extensions import db, writing
from catalog.notices import worker
from catalog.notices.models import Job, JobState

PEOPLE, ROUNDS = 200, 3
HEAD = "| What | certificates/s | seconds | CPU ms each | peak memory MB | bytes each |\n|---|--:|--:|--:|--:|--:|"


class Measured(NamedTuple):
    seconds: float
    cpu: float
    peak_mb: float
    made: int
    size: int


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.certificates", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many certificates")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often; the median is printed")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="catalog-bench-") as name:
        folder = Path(name)
        os.environ |= {"DEMO": "1", "INSTANCE": name}
        build(folder / "built.db", options.people)
        print(HEAD)
        for title, act in (("One page each, one worker", pages), ("One PDF of all", one_file)):
            print(_line(title, [_apart(act, folder, number) for number in range(options.rounds)]), flush=True)
    return 0


def _line(title: str, rounds: list[Measured]) -> str:
    middle = sorted(rounds)[len(rounds) // 2]
    peak = statistics.median(one.peak_mb for one in rounds)
    rate = middle.made / middle.seconds
    cpu = statistics.median(one.cpu / one.made for one in rounds) * 1000
    figures = (f"{rate:.0f}", f"{middle.seconds:.1f}", f"{cpu:.1f}", f"{peak:.0f}")
    return f"| {title} | {' | '.join(figures)} | {middle.size // middle.made:,} |"


def _apart(act: Callable[[str], Measured], folder: Path, number: int) -> Measured:
    """In a fresh process on a fresh copy: its peak of memory is its own."""
    copy = folder / f"{act.__name__}{number}.db"
    shutil.copy(folder / "built.db", copy)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(act, (f"sqlite:///{copy}",))


def pages(url: str) -> Measured:
    app = application(url)
    seconds = _work(app)
    with app.app_context():
        made, size = db.session.execute(
            sa.select(sa.func.count(), sa.func.sum(sa.func.length(CertificatePage.content)))
        ).one()
    return Measured(*seconds, _peak_mb(), made, size)


def one_file(url: str) -> Measured:
    app = application(url)
    with app.app_context():
        writing.set(True)
        db.session.execute(sa.update(Job).values(state=JobState.DONE))
        offering = db.session.scalars(sa.select(Offering)).one()
        services.ask_for_batch(offering, by=db.session.get_one(Person, offering.trainer_id))
        db.session.commit()
    seconds = _work(app)
    with app.app_context():
        size = db.session.scalars(sa.select(sa.func.length(CertificateBatch.content))).one()
        made = db.session.scalars(
            sa.select(sa.func.count(sa.distinct(Job.payload["certificate_id"].as_integer()))).where(
                Job.kind == "render_certificate"
            )
        ).one()
    return Measured(*seconds, _peak_mb(), made, size)


def _work(app: Flask) -> tuple[float, float]:
    """Seconds by the clock, and of the processor: on a busy machine the latter says more."""
    began = time.perf_counter(), time.process_time()
    worker.work(app, handlers(app.config["CATALOG"]), stop=Event(), once=True)
    return time.perf_counter() - began[0], time.process_time() - began[1]


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def application(url: str) -> Flask:
    folder = Path(os.environ["INSTANCE"])
    return create_app(config.read({"DEMO": "1", "DATABASE_URL": url}, folder))


def build(path: Path, people: int) -> None:
    """A session that was held, with everybody there all the time, certified."""
    app = application(f"sqlite:///{path}")
    with app.app_context():
        flask_migrate.upgrade()
        writing.set(True)
        load_framework(FRAMEWORK)
        offering = _offering(people)
        trainer = db.session.get_one(Person, offering.trainer_id)
        for number in range(people):
            enrollment.add(_person(f"Person{number} Sample"), offering, by=trainer)
        sheet = sheets.sheet(sheets.offering_to_mark(offering.id) or offering, clock.now())
        attendance.mark(offering, [Cell(one.meeting, one.enrollment, 180) for one in sheet.cells], by=trainer)
        attendance.close(offering, by=trainer)
        services.issue_for_offering(offering.id)
        db.session.execute(sa.update(Job).where(Job.kind != "render_certificate").values(state=JobState.DONE))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _person(name: str, **fields: bool) -> Person:
    email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    made = Person(name=name, email=email, created_at=clock.now(), **fields)
    db.session.add(made)
    db.session.flush()
    return made


def _offering(people: int) -> Offering:
    now = clock.now()
    begins = (now - timedelta(days=30)).replace(hour=15, minute=0, second=0, microsecond=0)
    ends = begins + timedelta(hours=3)
    course = Course(
        title="Sample course: Holding steady in hard conversations",
        kind=Kind.IN_SERVICE,
        state=CourseState.PUBLISHED,
        provider="Sample provider",
        minutes=180,
        created_at=now,
        updated_at=now,
    )
    topics = db.session.scalars(sa.select(Topic).order_by(Topic.id).limit(9)).all()
    course.areas = [
        CourseArea(area_id=one, basis=Basis.PROPOSED) for one in sorted({t.area_id for t in topics})
    ]
    course.topics = [CourseTopic(topic_id=one.id, basis=Basis.PROPOSED) for one in topics]
    offering = Offering(
        course=course,
        capacity=None,
        zone="America/Chicago",
        format=Format.IN_PERSON,
        county="01101",
        created_at=now,
        updated_at=now,
        starts_at=begins,
        ends_at=ends,
        minutes=180,
        trainer_id=_person("Ivo Sample", is_trainer=True).id,
        meetings=[
            Meeting(
                number=1,
                starts_wall=begins.replace(tzinfo=None),
                ends_wall=ends.replace(tzinfo=None),
                starts_at=begins,
                ends_at=ends,
                minutes=180,
            )
        ],
    )
    db.session.add(offering)
    db.session.flush()
    return offering


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
