"""Two nodes behind nginx, tried for real and for a short time; `make nodes` does it for longer."""

import http.client
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest

from catalog.certificates.views.public import MOST_MISSES
from tests.deploy import crashing, leaned_on, through_nginx
from tests.engines import free_port
from tests.nodes import FLASK, NAME, ROOT, Site, absent, two_nodes, wait_until
from tests.servers import Browser

pytestmark = [
    pytest.mark.race,
    pytest.mark.postgres,
    pytest.mark.skipif(absent() is not None, reason=absent() or ""),
]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with two_nodes() as site:
        yield site


def test_sixty_people_want_five_seats(site: Site) -> None:
    assert through_nginx.race(site)


def test_a_node_is_killed_under_load_and_nobody_sees_it_on_a_page(site: Site) -> None:
    assert through_nginx.kills(site, rounds=2, count=12)


def test_what_the_nodes_lean_on_is_killed_under_load_and_comes_back(site: Site) -> None:
    assert leaned_on.kills(site)


def test_anything_is_killed_while_people_enroll_withdraw_mark_and_import(site: Site) -> None:
    assert crashing.crashes(site, rounds=3)


def test_guesses_are_counted_over_both_nodes_with_redis_and_without(site: Site) -> None:
    assert through_nginx.limits(site, MOST_MISSES)


def test_strangers_pages_come_from_the_replica(site: Site) -> None:
    assert through_nginx.from_replica(site)


def test_slow_clients_leave_the_site_available(site: Site) -> None:
    assert through_nginx.strangers(site)


def test_a_node_on_its_own_does_not_start_on_another_migration(site: Site) -> None:
    empty = site.primary.removesuffix("/catalog") + "/postgres"
    told = site.environ | {"PORT": str(free_port()), "DATABASE_URL": empty}
    words = [*FLASK, "serve", "--node"]
    done = subprocess.run(words, cwd=ROOT, env=told, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "run `flask catalog prepare`" in done.stderr


def secure(site: Site, path: str, **headers: str) -> http.client.HTTPResponse:
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    with closing(
        http.client.HTTPSConnection("127.0.0.1", site.secure, timeout=10, context=anybody)
    ) as connection:
        connection.request("GET", path, headers={"Host": NAME} | headers)
        answer = connection.getresponse()
        answer.read()
        return answer


def test_over_tls_the_nodes_know_that_it_was_secure(site: Site) -> None:
    assert secure(site, "/").headers["Strict-Transport-Security"]
    assert Browser(site.plain).get("/").status == 200


def test_another_name_is_not_answered(site: Site) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        secure(site, "/", Host="elsewhere.example.org")


def test_what_only_watchers_may_ask_is_nothing_for_strangers(site: Site) -> None:
    assert secure(site, "/readyz").status == 404
    assert secure(site, "/metrics").status == 404
    assert secure(site, "/healthz").status == 200


def test_the_log_holds_nothing_that_opens_anything(site: Site) -> None:
    secret = "aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ"
    for path in (f"/claim/{secret}", f"/in/{secret[:8]}", f"/elsewhere/{secret}", f"/?q={secret}"):
        secure(site, path)
    wait_until(lambda: "/elsewhere/..." in site.folder.joinpath("catalog.log").read_text())
    said = "".join(site.folder.joinpath(name).read_text() for name in ("catalog.log", "catalog-error.log"))
    assert secret[:8] not in said


def test_static_files_come_from_nginx_and_may_be_kept(site: Site) -> None:
    answer = secure(site, "/static/site.css", **{"Accept-Encoding": "gzip"})
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
