"""Two people at once on one dispute, in server processes of their own: one of them is heard, the other is told."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.extensions import db
from tests.attendance.sheets import Scene, inside
from tests.disputes import threads
from tests.disputes.threads import LoginAs, said
from tests.factories import Cast
from tests.servers import Browser, Ports, at_once, running

pytestmark = pytest.mark.race


@pytest.fixture
def servers(app: Flask, _rows: None, database_url: str) -> Iterator[Ports]:
    with running(database_url) as ports:
        yield ports


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return threads.marked(app, cast)


def browser_of(scene: Scene, person: Person, port: int) -> Browser:
    with inside(scene.app):
        token = accounts.begin_sign_in(db.session.get_one(Person, person.id))
    browser = Browser(port, {"sign_in": token})
    assert browser.get("/account").status == 200
    return browser


def test_one_mark_is_disputed_once_however_often_it_is_sent(scene: Scene, servers: Ports) -> None:
    browsers = [browser_of(scene, scene.cast.ana, servers[i % 2]) for i in range(6)]
    url = threads.url(scene)
    answers = at_once([partial(browser.post, url, text="It is not right.") for browser in browsers])
    assert Counter(answer.status for answer in answers) == {303: 1, 409: 5}
    assert threads.entries(scene) == [("opened", "Ana", None, None)]


def test_two_answers_at_once_end_in_one(scene: Scene, servers: Ports, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    lea = threads.helper(scene)
    people = [scene.cast.ivo, lea] * 3
    browsers = [browser_of(scene, person, servers[i % 2]) for i, person in enumerate(people)]
    forms = [said(scene, f"Answer {i}.", "minutes", minutes=str(100 + i)) for i in range(6)]
    posts = [
        partial(browser.post, f"{thread}/answer", **form)
        for browser, form in zip(browsers, forms, strict=True)
    ]
    assert Counter(answer.status for answer in at_once(posts)) == {303: 1, 409: 5}
    [_, (act, _, before, after)] = threads.entries(scene)
    assert (act, before, {"Ana": after}) == ("answered", 60, scene.saved())


def test_an_answer_and_a_decision_at_once_end_in_one(scene: Scene, servers: Ports, login_as: LoginAs) -> None:
    thread = threads.opened(scene, login_as)
    ivo = browser_of(scene, scene.cast.ivo, servers[0])
    mira = browser_of(scene, scene.cast.mira, servers[1])
    answers = at_once(
        [
            partial(ivo.post, f"{thread}/answer", **said(scene, "No.", "absent")),
            partial(mira.post, f"{thread}/decide", **said(scene, "Yes.", "present")),
        ]
    )
    assert Counter(answer.status for answer in answers) == {303: 1, 409: 1}
    assert len(threads.entries(scene)) == 2
