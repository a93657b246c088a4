"""Mail that waits because nobody takes it from us is shown to coordinators, with since when and why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices import services
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.access.world import granted
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.notices.plain import tell
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]
PATHS = ("/mail", "/desk")
REFUSED = "The mail server takes nothing from us: 535 5.7.8 Wrong password"
SINCE = datetime.fromisoformat("2026-11-27T15:00:00+00:00")
NOW = SINCE + timedelta(hours=50)
WAITED = "Mail has waited since Fri 27 Nov 2026, 9:00 am Central time."


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.at(NOW):
        yield


def due(app: Flask, person: Person, since: datetime, error: str | None = None, **fields: Any) -> None:
    with inside(app):
        tell(db.session.get_one(Person, person.id), "A subject", "Text", at=since)
        job = db.session.scalars(sa.select(Job).order_by(Job.id.desc()).limit(1)).one()
        job.error = error
        for name, value in fields.items():
            setattr(job, name, value)


def seen(browser: FlaskClient, path: str) -> str:
    return " ".join(browser.get(path).text.split())


@pytest.mark.parametrize("path", PATHS)
def test_it_says_since_when_mail_has_waited_and_why(
    app: Flask, cast: Cast, login_as: LoginAs, path: str
) -> None:
    due(app, cast.ana, SINCE + timedelta(minutes=5), "Another reason")
    due(app, cast.ana, SINCE, REFUSED)
    page = seen(login_as(cast.mira), path)
    assert WAITED in page
    assert REFUSED in page
    assert "Another reason" not in page


@pytest.mark.parametrize("path", PATHS)
def test_mail_that_nobody_tried_to_send_is_said_to_be_so(
    app: Flask, cast: Cast, login_as: LoginAs, path: str
) -> None:
    due(app, cast.ana, SINCE)
    page = seen(login_as(cast.mira), path)
    assert WAITED in page
    assert "Nothing has tried to send it" in page


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("since", "fields"),
    [
        (NOW - timedelta(minutes=59), {"error": REFUSED}),
        (NOW + timedelta(hours=1), {"error": REFUSED}),
        (SINCE, {"state": JobState.DEAD, "error": REFUSED}),
        (SINCE, {"state": JobState.DONE, "done_at": NOW}),
        (SINCE, {"kind": "meetings_soon", "error": REFUSED}),
    ],
    ids=["for less than an hour", "not due", "given up", "sent", "other work"],
)
def test_nothing_else_is_said_to_wait(
    app: Flask, cast: Cast, login_as: LoginAs, path: str, since: datetime, fields: dict[str, Any]
) -> None:
    due(app, cast.ana, since, **fields)
    assert "Mail has waited" not in seen(login_as(cast.mira), path)


@pytest.mark.parametrize("path", PATHS)
def test_it_costs_as_much_whether_mail_waits_or_not(
    app: Flask, cast: Cast, login_as: LoginAs, path: str
) -> None:
    browser = login_as(cast.mira)
    with counted() as none:
        browser.get(path)
    for minutes in range(3):
        due(app, cast.ana, SINCE + timedelta(minutes=minutes), REFUSED)
    with counted() as some:
        browser.get(path)
    assert len(none) == len(some)


def test_who_coordinates_a_county_is_not_told_of_mail(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    """The page that it leads to is not for them."""
    due(app, cast.ana, SINCE, REFUSED)
    with inside(app):
        of_a_county = make.person()
        granted(of_a_county, "01101", db.session.get_one(Person, cast.ada.id))
    assert "Mail has waited" not in seen(login_as(of_a_county), "/desk")


@pytest.mark.usefixtures("context")
def test_a_letter_that_is_put_off_again_and_again_has_waited_since_it_was_due() -> None:
    services.queue("mail", {}, at=SINCE)
    for minutes in range(3):
        with clock.at(NOW + timedelta(minutes=minutes)):
            (job,) = services.lease("a worker")
            services.put_off(job, "a worker", REFUSED, timedelta(seconds=30))
            # Nobody takes it up meanwhile.
            assert not services.is_work_due()
            assert services.lease("another worker") == []
    db.session.expire_all()
    job = db.session.scalars(sa.select(Job)).one()
    assert (job.run_at, job.attempts, job.error) == (SINCE, 0, REFUSED)
