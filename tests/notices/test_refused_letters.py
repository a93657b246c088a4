"""A letter that a mail server does not take uses up an attempt, and keeps no other one waiting."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.config import Settings
from catalog.extensions import db
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.notices.inbox import Inbox, serving
from tests.notices.plain import tell
from tests.notices.sending import run, the_job


@pytest.mark.usefixtures("context")
def test_a_letter_that_is_too_large_keeps_no_other_waiting(app: Flask, settings: Settings) -> None:
    """A server is told the size together with the sender, and refuses either in the same answer."""
    tell(make.person(), "Large", "Text " * 10_000)
    tell(make.person(), "Small", "Text")
    db.session.commit()
    with serving(inbox := Inbox(), data_size_limit=20_000) as server:
        run(app, settings, server)
    assert len(inbox.messages) == 1
    attempts, error = db.session.execute(
        sa.select(Job.attempts, Job.error).where(Job.outcome.is_(None))
    ).one()
    assert (attempts, (error or "")[:31]) == (1, "The mail server answered: 552 E")


@pytest.mark.usefixtures("context")
def test_a_server_that_breaks_off_over_a_letter_used_up_an_attempt(app: Flask, settings: Settings) -> None:
    tell(make.person(), "A subject", "Text")
    db.session.commit()
    with serving(Abrupt()) as server:
        run(app, settings, server)
    assert (the_job().state, the_job().attempts) == (JobState.READY, 1)
    assert "broke off" in (the_job().error or "")


class Abrupt(Inbox):
    async def handle_DATA(self, server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        server.transport.abort()
        return "250 OK"
