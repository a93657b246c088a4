"""Jobs and mail: written with what causes them, leased by one worker, never lost."""

import threading
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from catalog import clock
from catalog.cli.work import handlers
from catalog.config import MailFolder, Settings
from catalog.extensions import db
from catalog.notices import mail, services, worker
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.notices.plain import tell

pytestmark = pytest.mark.usefixtures("context")


def jobs() -> list[Job]:
    return list(db.session.scalars(sa.select(Job).order_by(Job.id)))


def run(app: Flask, settings: Settings) -> None:
    db.session.rollback()  # the test's own transaction holds no lock while the worker works
    worker.work(app, handlers(settings), stop=threading.Event(), once=True)


def test_what_is_rolled_back_is_not_told() -> None:
    tell(make.person(), "Hello", "Text")
    db.session.rollback()
    assert jobs() == []


def test_the_same_key_is_queued_once() -> None:
    for _ in range(2):
        services.queue("mail", {}, dedupe_key="remind:7")
    assert len(jobs()) == 1


def test_a_leased_job_is_not_given_to_another_worker() -> None:
    services.queue("mail", {})
    assert len(services.lease("one")) == 1
    assert services.lease("two") == []


def test_a_lease_that_ran_out_is_given_again() -> None:
    services.queue("mail", {})
    services.lease("one")
    with time_machine.travel(clock.now() + services.LEASE + timedelta(seconds=1), tick=False):
        assert [job.attempts for job in services.lease("two")] == [2]


def test_a_job_for_later_rests() -> None:
    services.queue("mail", {}, at=clock.now() + timedelta(hours=1))
    assert not services.is_work_due()
    assert services.lease("one") == []


def test_a_failed_job_rests_and_dies_with_its_reason() -> None:
    services.queue("mail", {})
    moment = clock.now()
    for rest in (*services.RETRY_AFTER, timedelta()):
        with time_machine.travel(moment, tick=False):
            (job,) = services.lease("one")
            services.fail(job, "one", "no route to the mail server")
        moment += rest + timedelta(seconds=1)
    db.session.expire_all()
    (job,) = jobs()
    assert (job.state, job.error) == (JobState.DEAD, "no route to the mail server")


def test_a_worker_that_lost_its_lease_does_not_finish_the_job() -> None:
    services.queue("mail", {})
    (job,) = services.lease("one")
    with time_machine.travel(clock.now() + services.LEASE + timedelta(seconds=1), tick=False):
        services.lease("two")
        services.finish(job.id, "one")
    db.session.expire_all()
    assert jobs()[0].state == JobState.READY


def test_mail_is_written_as_a_file(app: Flask, settings: Settings) -> None:
    assert isinstance(settings.mail, MailFolder)
    tell(make.person("Ana Sample"), "A seat: Añoranza", "You have a seat.")
    db.session.commit()
    job_id = jobs()[0].id
    run(app, settings)
    written = Path(settings.mail.path, f"job-{job_id}.eml").read_bytes()
    message = message_from_bytes(written, policy=policy.default)
    assert message["Subject"] == "A seat: Añoranza"
    assert message["Message-ID"].startswith(f"<job-{job_id}.")
    body = message.get_body(("plain",))
    assert body
    assert "You have a seat." in body.get_content()
    db.session.expire_all()
    assert jobs()[0].state == JobState.DONE


def test_one_job_that_fails_does_not_stop_the_others(app: Flask, settings: Settings) -> None:
    services.queue("nobody knows this kind", {})
    tell(make.person(), "Hello", "Text")
    db.session.commit()
    run(app, settings)
    db.session.expire_all()
    assert [job.state for job in jobs()] == [JobState.READY, JobState.DONE]
    assert "nobody knows" in (jobs()[0].error or "")


def test_a_line_end_in_a_title_starts_no_header(settings: Settings) -> None:
    payload = {
        "to": "ana@example.org",
        "name": "Ana\nBcc: otto@example.org",
        "subject": "Hi\r\nBcc: x@y.org",
        "text": "",
    }
    message = mail.message_of(7, payload, settings, clock.now())
    assert "Bcc" not in message
    assert message["To"].addresses[0].addr_spec == "ana@example.org"
