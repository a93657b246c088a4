"""What letters said is not kept for ever; that they were sent is."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.cli.work import HOURLY
from catalog.extensions import db
from catalog.notices import services
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.notices.plain import tell

pytestmark = pytest.mark.usefixtures("context")


def job(days_ago: int, **fields: Any) -> dict[str, Any]:
    """The payload of a letter that was done so many days ago, after old letters are forgotten."""
    tell(make.person("Ana Sample"), "A subject", "Private words", reply_to="ivo@example.org")
    one = db.session.scalars(sa.select(Job).order_by(Job.id)).one()
    one.state, one.done_at = JobState.DONE, clock.now() - timedelta(days=days_ago)
    for name, value in fields.items():
        setattr(one, name, value)
    db.session.commit()
    services.forget()
    db.session.commit()
    db.session.expire_all()
    return dict(db.session.scalars(sa.select(Job.payload)).one())


def test_after_ninety_days_the_words_are_gone_and_the_rest_stays() -> None:
    payload = job(91)
    assert "Private words" not in str(payload)
    assert (payload["subject"], payload["kind"], payload["text"]) == ("A subject", "test.plain", "")


def test_before_that_they_are_kept() -> None:
    assert "Private words" in job(89)["text"]


def test_what_was_not_sent_is_kept_to_be_sent() -> None:
    assert "Private words" in job(91, state=JobState.DEAD)["text"]


def test_other_work_is_left_alone() -> None:
    assert "Private words" in job(91, kind="something")["text"]


def test_it_is_done_every_hour() -> None:
    assert "daily" in HOURLY


def test_without_anything_old_it_does_nothing() -> None:
    services.forget()
