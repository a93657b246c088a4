"""Many browsers send one code at the same moment, to two server processes: one is let in."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.accounts.models import SignIn
from catalog.extensions import db, writing
from catalog.limits import Tally
from tests.factors.keys import PASSWORD, Signer, shown
from tests.servers import Browser, Ports, at_once, running

pytestmark = pytest.mark.race

STEP = "/sign-in/second-step"


@pytest.fixture(scope="module")
def ports(app: Flask, database_url: str) -> Iterator[Ports]:
    with running(database_url) as ports:
        yield ports


def half_way(ports: Ports, who: str, many: int) -> list[Browser]:
    browsers = [Browser(ports[number % 2]) for number in range(many)]
    for browser in browsers:
        browser.get("/sign-in")
        browser.post("/sign-in", email=who, password=PASSWORD)
        browser.get(STEP)
    return browsers


def tried(app: Flask, browsers: list[Browser], code: str) -> Counter[int]:
    with app.app_context():
        writing.set(True)
        db.session.execute(sa.delete(Tally))
        db.session.commit()
    answers = at_once([partial(browser.post, STEP, code=code) for browser in browsers])
    return Counter(answer.status for answer in answers)


def let_in(app: Flask) -> int:
    with app.app_context():
        asked = sa.select(sa.func.count()).select_from(SignIn).where(SignIn.awaits_factor.is_(False))
        return db.session.scalar(asked) or 0


def test_a_code_of_the_app_lets_one_in(app: Flask, ports: Ports, with_app: Signer) -> None:
    browsers = half_way(ports, with_app, 5)
    answers = tried(app, browsers, shown(with_app.secret))
    assert answers[303] == let_in(app) == 1


def test_a_recovery_code_lets_one_in(app: Flask, ports: Ports, with_app: Signer) -> None:
    browsers = half_way(ports, with_app, 5)
    answers = tried(app, browsers, with_app.codes[0])
    assert answers[303] == let_in(app) == 1


def test_no_more_guesses_are_looked_at_than_are_allowed(app: Flask, ports: Ports, with_app: Signer) -> None:
    answers = tried(app, half_way(ports, with_app, 12), "abcd-efgh-jkmn")
    assert answers[422] <= 5
    assert answers[422] + answers[429] == 12
