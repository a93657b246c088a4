"""A streaming replica is read for pages that may be a moment old, and nothing else; without it, the primary is."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from catalog import create_app
from catalog.accounts import services as accounts
from catalog.config import Settings
from catalog.extensions import db, elsewhere, writing
from catalog.replica import Replica
from tests import engines
from tests import factories as make
from tests.engines import free_port
from tests.nodes import replica_of, wait_until

pytestmark = pytest.mark.postgres


class Pair(NamedTuple):
    """An installation with a replica, and the statements each side was sent."""

    app: Flask
    replica: Replica
    inside: str
    """Its owner's way in."""
    offering: int
    course: int
    on_replica: list[str]
    on_primary: list[str]

    def replay(self, goes_on: bool) -> None:
        """Let the replica stand still, or follow again."""
        engines.execute(self.inside, f"SELECT pg_wal_replay_{'resume' if goes_on else 'pause'}()")

    def catch_up(self) -> None:
        def has() -> bool:
            with self.replica.primary.connect() as one, self.replica.engine.connect() as other:
                written = one.scalar(sa.text("SELECT pg_current_wal_lsn() - '0/0'"))
                replayed = other.scalar(sa.text("SELECT pg_last_wal_replay_lsn() - '0/0'"))
            return bool(replayed >= written)

        wait_until(has, 20)

    def forget(self) -> None:
        self.on_replica.clear()
        self.on_primary.clear()


@pytest.fixture(scope="module")
def made(settings: Settings) -> Iterator[Pair]:
    with engines.throwaway_cluster() as server:
        url = engines.create_database(server.url, "catalog")
        with replica_of(server) as follower:
            both = replace(settings, database_url=url, replica_url=follower.named("catalog"))
            both = replace(both, browse_refresh_seconds=3600)
            app = create_app(both, TESTING=True)
            replica: Replica = app.extensions["replica"]
            # The tests look when they want to.
            replica._watch = lambda: None  # type: ignore[method-assign]
            with app.app_context():
                upgrade()
                writing.set(True)
                offering = make.offering()
                found = Pair(app, replica, follower.inside, offering.id, offering.course_id, [], [])
                db.session.commit()
                for engine, seen in ((replica.engine, found.on_replica), (db.engine, found.on_primary)):
                    sa.event.listen(
                        engine,
                        "before_cursor_execute",
                        lambda _c, _cursor, text, *_rest, seen=seen: seen.append(text),
                    )
            yield found
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            replica.close()


@pytest.fixture
def pair(made: Pair) -> Pair:
    made.app.config["WTF_CSRF_ENABLED"] = False
    made.catch_up()
    made.replica.look()
    assert made.replica.is_good
    made.app.test_client().get("/")
    made.forget()
    return made


def token_of(pair: Pair, **fields: object) -> str:
    with pair.app.app_context():
        writing.set(True)
        token = accounts.begin_sign_in(make.person("Mira Sample", **fields))
        db.session.commit()
    return token


@pytest.mark.parametrize(
    "path", ["/", "/?q=course", "/courses/{course}", "/offerings/{offering}", "/calendar.ics"]
)
def test_strangers_pages_are_read_from_it(pair: Pair, path: str) -> None:
    answer = pair.app.test_client().get(path.format(course=pair.course, offering=pair.offering))
    assert answer.status_code == 200
    assert pair.on_replica
    assert pair.on_primary == []


def test_whoever_is_signed_in_sees_what_they_have_just_written(pair: Pair) -> None:
    client = pair.app.test_client()
    client.set_cookie("sign_in", token_of(pair))
    pair.forget()
    for path in ("/", f"/courses/{pair.course}", f"/offerings/{pair.offering}"):
        assert client.get(path).status_code == 200
    assert pair.on_replica == []


def test_reports_are_read_from_it_but_who_asks_is_not(pair: Pair) -> None:
    client = pair.app.test_client()
    pair.replay(False)
    try:
        client.set_cookie("sign_in", token_of(pair, coordinates=True))
        pair.forget()
        assert client.get("/reports/hours").status_code == 200
    finally:
        pair.replay(True)
    assert pair.on_replica
    assert any("sign_in" in text for text in pair.on_primary)
    assert not any("sign_in" in text for text in pair.on_replica)


def test_what_has_not_arrived_yet_is_found_on_the_primary(pair: Pair) -> None:
    pair.replay(False)
    try:
        with pair.app.app_context():
            writing.set(True)
            fresh = make.offering().id
            db.session.commit()
        assert pair.app.test_client().get(f"/offerings/{fresh}").status_code == 200
    finally:
        pair.replay(True)
    assert pair.app.test_client().get("/offerings/999999").status_code == 404


def test_one_that_is_too_far_behind_is_left_alone_and_read_again_later(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.replica.MOST_BEHIND_SECONDS", 0.3)
    pair.replay(False)
    try:
        token_of(pair)
        pair.replica.look()
        time.sleep(0.5)
        pair.replica.look()
        assert not pair.replica.is_good
        pair.forget()
        assert pair.app.test_client().get("/").status_code == 200
        assert pair.on_replica == []
    finally:
        pair.replay(True)
    pair.catch_up()
    pair.replica.look()
    assert pair.replica.is_good


def test_one_that_goes_away_during_a_page_is_no_error(pair: Pair) -> None:
    def gone(*_words: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("terminating connection"))

    sa.event.listen(pair.replica.engine, "before_cursor_execute", gone)
    try:
        assert pair.app.test_client().get("/").status_code == 200
        assert not pair.replica.is_good
    finally:
        sa.event.remove(pair.replica.engine, "before_cursor_execute", gone)
    pair.forget()
    assert pair.app.test_client().get("/").status_code == 200
    assert pair.on_replica == []


def test_one_that_was_promoted_is_none_any_more(settings: Settings, pair: Pair) -> None:
    primary = pair.replica.primary.url.render_as_string(hide_password=False)
    promoted = Replica(primary, primary, 1)
    promoted.look()
    assert not promoted.is_good
    for engine in (promoted.engine, promoted.primary):
        engine.dispose()


def test_one_that_is_not_there_is_never_waited_for_by_a_page(pair: Pair) -> None:
    primary = pair.replica.primary.url
    nobody = primary.set(port=free_port()).render_as_string(hide_password=False)
    with closing(Replica(nobody, str(primary), 1)) as away:
        assert away.to_read() is None
        assert away.watching is not None
    assert not away.watching.is_alive()


def test_nothing_can_be_written_there(pair: Pair) -> None:
    with pair.app.app_context():
        before = elsewhere.set(pair.replica.engine)
        try:
            with pytest.raises(sa.exc.DBAPIError, match="read-only"):
                db.session.execute(sa.text("DELETE FROM tally"))
        finally:
            elsewhere.reset(before)
            db.session.rollback()
