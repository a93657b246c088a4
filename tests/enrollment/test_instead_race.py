"""Two taps on "Move me there", to two sessions at once: one of them moves."""

from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts import services as accounts
from catalog.enrollment import services
from catalog.enrollment.models import Enrollment
from catalog.extensions import db, writing
from tests import factories as make
from tests.servers import Browser, Ports, at_once, running

pytestmark = pytest.mark.race


@pytest.fixture
def servers(app: Flask, _rows: None, database_url: str) -> Iterator[Ports]:
    with running(database_url) as ports:
        yield ports


def test_two_at_once_move_once(app: Flask, servers: Ports) -> None:
    with app.app_context():
        writing.set(True)
        of = make.course()
        browsers, urls = [], []
        offering = make.offering(of, seats=20)
        to = [make.offering(of, seats=20).id for _ in range(2)]
        for number in range(8):
            person = make.person(f"Person{number} Sample")
            mine = services.enroll(person, offering, by=person)
            browsers.append(Browser(servers[number % 2], {"sign_in": accounts.begin_sign_in(person)}))
            urls.append(f"/enrollments/{mine.id}/switch")
        services.cancel(offering, by=make.person(coordinates=True), reason="Ill.")
        db.session.commit()
    for browser in browsers:
        assert browser.get("/account").status == 200
    acts = [
        partial(browser.post, url, to=str(target))
        for browser, url in zip(browsers, urls, strict=True)
        for target in to
    ]
    answers = [answer.status for answer in at_once(acts)]
    assert (answers.count(303), answers.count(409)) == (8, 8)
    with app.app_context():
        writing.set(False)
        counts = db.session.execute(
            sa.select(Enrollment.state, sa.func.count()).group_by(Enrollment.state).order_by(Enrollment.state)
        ).all()
        assert [tuple(row) for row in counts] == [("moved", 8), ("seated", 8)]
