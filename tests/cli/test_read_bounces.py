"""`flask catalog read-bounces`: an mbox file or a Maildir folder is read, as often as one likes."""

import mailbox
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from catalog import clock
from catalog.extensions import db
from catalog.notices.models import Bounce, Job, JobState
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.notices.plain import tell
from tests.notices.reports import report

Read = Callable[[Path], Result]


@pytest.fixture
def read(app: Flask, _rows: None) -> Read:
    def read(path: Path) -> Result:
        with app.app_context():  # as the flask command does
            return app.test_cli_runner().invoke(args=["catalog", "read-bounces", str(path)])

    return read


@pytest.fixture
def raws(app: Flask, cast: Cast) -> list[bytes]:
    """A report about a letter to Ana, and somebody's holiday."""
    with inside(app):
        tell(cast.ana, "A subject", "Text")
        job = db.session.scalars(sa.select(Job).order_by(Job.id)).one()
        job.state, job.outcome, job.done_at = JobState.DONE, f"sent to {cast.ana.email}", clock.now()
        number = job.id
    return [report(cast.ana.email, job_id=number), b"Subject: Away\n\nI am on holiday.\n"]


def marked(app: Flask) -> int:
    with inside(app):
        return db.session.scalar(sa.select(sa.func.count()).select_from(Bounce)) or 0


@pytest.mark.parametrize("kind", ["mbox", "maildir"])
def test_it_marks_and_counts_and_may_be_run_again(
    app: Flask, read: Read, raws: list[bytes], tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "box"
    box = mailbox.mbox(str(path)) if kind == "mbox" else mailbox.Maildir(str(path))
    for raw in raws:
        box.add(raw)
    box.close()
    first, second = read(path), read(path)
    said = "Messages read: 2. Addresses marked or noted: {}. Messages passed over: {}.\n"
    assert (first.exit_code, first.output) == (0, said.format(1, 1))
    assert (second.exit_code, second.output) == (0, said.format(0, 2))
    assert marked(app) == 1


def test_a_folder_that_is_no_maildir_is_refused_with_a_sentence(read: Read, tmp_path: Path) -> None:
    answer = read(tmp_path)
    assert answer.exit_code == 1
    assert "is no Maildir" in answer.output


def test_a_file_that_holds_anything_else_is_passed_over(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(b"From x\n\xff\x00\nFrom y\n" * 50)
    answer = read(path)
    assert (answer.exit_code, "marked or noted: 0" in answer.output) == (0, True)
