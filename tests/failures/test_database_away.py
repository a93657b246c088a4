"""The database goes away under a running site: a page that says so, a line in the log, and no restart afterwards."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog.extensions import db, writing
from tests import factories as make
from tests.failures.conftest import Place, is_readable
from tests.notices.plain import tell
from tests.torture.site import children, wait_until

pytestmark = pytest.mark.serves


@contextlib.contextmanager
def away(place: Place) -> Iterator[None]:
    """PostgreSQL is stopped; the folder of SQLite's file has another name, as when a disk is not mounted."""
    if place.site.cluster:
        place.site.cluster.stop("fast")
        yield
        place.site.cluster.start()
        return
    folder = Path(str(sa.make_url(place.site.database_url).database)).parent
    # What is open stays readable, so the server begins anew and has nothing open.
    place.site.kill_server()
    folder.rename(folder.with_name("away"))
    yield
    folder.with_name("away").rename(folder)


def test_pages_say_so_and_afterwards_all_is_well(place: Place) -> None:
    with away(place):
        wait_until(place.site.listens)
        server, processes = place.site.server, set(children(place.site.server))
        assert is_readable(place.ana.get("/account"))
        assert is_readable(place.joins())
    assert place.ana.get("/account").status == 200
    assert place.joins().status == 303
    place.joined()
    assert place.site.server == server
    assert processes <= set(children(server)), "nobody had to start it again"
    assert "the data cannot be reached" in place.log()
    assert "SELECT" not in place.log()


def test_a_database_that_was_restarted_between_two_requests_is_not_noticed(place: Place) -> None:
    """Connections that the old server left behind are replaced before they are used."""
    assert place.ana.get("/account").status == 200
    if place.site.cluster:
        place.site.cluster.stop("fast")
        place.site.cluster.start()
    assert [place.ana.get("/account").status for _ in range(20)] == [200] * 20


def test_the_worker_stays_and_sends_what_waited(place: Place) -> None:
    worker = place.site.worker
    with away(place):
        if place.site.cluster:
            wait_until(lambda: "could not read its jobs" in place.log("worker"))
    with place.app.app_context():
        writing.set(True)
        tell(make.person(email="waits@example.org"), "A subject", "Text")
        db.session.commit()
        db.session.remove()
    wait_until(lambda: any(one.to == "waits@example.org" for one in place.site.sink.arrived))
    assert place.site.worker == worker
