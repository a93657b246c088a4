"""A report about mail that came back is believed only under the Message-ID that we signed."""

import pytest
import sqlalchemy as sa
from flask import current_app

from catalog import clock
from catalog.accounts.models import Person
from catalog.config import DEVELOPMENT_KEY
from catalog.extensions import db
from catalog.notices import mail, numbering, services
from catalog.notices.models import Bounce, Job, JobState
from tests import factories as make
from tests.notices.plain import tell
from tests.notices.reports import report

pytestmark = pytest.mark.usefixtures("context")
HOST = "127.0.0.1"


@pytest.fixture
def ana() -> Person:
    return make.person("Ana Sample", email="ana@work.example.org")


@pytest.fixture
def sent(ana: Person) -> int:
    tell(ana, "A subject", "Text")
    job = db.session.scalars(sa.select(Job).order_by(Job.id)).one()
    job.state, job.outcome, job.done_at = JobState.DONE, f"sent to {ana.email}", clock.now()
    db.session.flush()
    return job.id


def test_under_our_signature_it_is_believed(ana: Person, sent: int) -> None:
    assert services.read(report(ana.email, job_id=sent), HOST) == 1


@pytest.mark.parametrize(
    "forged",
    [
        "<job-{job}@{host}>",
        "<job-{job}.@{host}>",
        "<job-{job}.00000000000000000000000000000000@{host}>",
        "<job-{job}.{other}@{host}>",
        "<job-{job}.{foreign}@{host}>",
        "<job-{job}.{own}@elsewhere.example.org>",
        "<job-{job}.{own}0@{host}>",
    ],
)
def test_a_number_that_is_guessed_marks_nobody(ana: Person, sent: int, forged: str) -> None:
    text = forged.format(
        job=sent,
        host=HOST,
        own=signature(sent, DEVELOPMENT_KEY),
        other=signature(sent + 1, DEVELOPMENT_KEY),
        foreign=signature(sent, "another key that somebody else made up"),
    )
    assert services.read(report(ana.email, job_id=sent, message_id=text), HOST) == 0
    assert db.session.scalars(sa.select(Bounce)).all() == []


def test_a_repeated_letter_has_the_same_message_id(ana: Person, sent: int) -> None:
    payload = {"to": ana.email, "name": ana.name, "subject": "A subject", "text": "Text"}
    made = [mail.message_of(sent, payload, current_app.config["CATALOG"], clock.now()) for _ in "12"]
    assert made[0]["Message-ID"] == made[1]["Message-ID"]
    assert numbering.job_of(made[0]["Message-ID"], HOST, DEVELOPMENT_KEY) == sent


def test_two_letters_have_two(sent: int) -> None:
    assert signature(sent, DEVELOPMENT_KEY) != signature(sent + 1, DEVELOPMENT_KEY)


def signature(job_id: int, key: str) -> str:
    return numbering.message_id(job_id, HOST, key).partition(".")[2].partition("@")[0]
