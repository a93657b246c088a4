"""One person sends the form from two devices at the same moment; and five people answer at once."""

from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.courses.models import Asking
from catalog.evaluation.models import Evaluation, EvaluationGiven
from catalog.extensions import db
from catalog.notices.models import Job
from tests.attendance.sheets import inside
from tests.evaluation.answers import asked, attended
from tests.factories import Cast
from tests.servers import Browser, Ports, at_once, running

pytestmark = pytest.mark.race


@pytest.fixture
def servers(app: Flask, _rows: None, database_url: str) -> Iterator[Ports]:
    with running(database_url) as ports:
        yield ports


def counts(app: Flask) -> tuple[int, int, int, int]:
    """Answers, those of them that trainers see, people who answered, and certificates set going."""
    with inside(app):
        wanted = (
            sa.select(sa.func.count()).select_from(Evaluation),
            sa.select(sa.func.count()).select_from(Evaluation).where(Evaluation.is_shown),
            sa.select(sa.func.count()).select_from(EvaluationGiven),
            sa.select(sa.func.count()).select_from(Job).where(Job.kind == "issue_certificates"),
        )
        one, two, three, four = (db.session.scalar(count) or 0 for count in wanted)
        return one, two, three, four


def test_the_form_sent_many_times_at_once_is_one_answer(app: Flask, cast: Cast, servers: Ports) -> None:
    with inside(app):
        ivo = db.session.get_one(Person, cast.ivo.id)
        offering, (one,) = attended(1, ivo, asked(Asking.BEFORE_CERTIFICATE))
        url = f"/offerings/{offering.id}/evaluation"
        tokens = [accounts.begin_sign_in(one.person) for _ in range(8)]
    devices = [Browser(servers[i % len(servers)], {"sign_in": token}) for i, token in enumerate(tokens)]
    for device in devices:
        assert device.get(url).status == 200
    answers = at_once([partial(device.post, url, scale_use=i % 5 + 1) for i, device in enumerate(devices)])
    assert sorted(answer.status for answer in answers) == [303] + [409] * 7
    assert counts(app) == (1, 0, 1, 1)


def test_of_ten_who_answer_at_once_none_is_hidden_from_the_trainer(
    app: Flask, cast: Cast, servers: Ports
) -> None:
    with inside(app):
        ivo = db.session.get_one(Person, cast.ivo.id)
        offering, enrolled = attended(10, ivo)
        url = f"/offerings/{offering.id}/evaluation"
        tokens = [accounts.begin_sign_in(one.person) for one in enrolled]
    people = [Browser(servers[i % len(servers)], {"sign_in": token}) for i, token in enumerate(tokens)]
    for person in people:
        assert person.get(url).status == 200
    answers = at_once([partial(person.post, url, scale_use=4) for person in people])
    assert {answer.status for answer in answers} == {303}
    assert counts(app) == (10, 10, 10, 0)
