"""The figures for those who watch the machines: who may read them, and that they are right."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock, metrics
from catalog.cli.serve import share_counts
from catalog.config import ConfigError, Settings, read
from catalog.enrollment import services
from catalog.extensions import db, writing
from catalog.watching import services as watching
from tests import factories as make
from tests.coordinating.rows import row
from tests.servers import ROOT, _wait_for, free_port
from tests.statements import counted

TOKEN = "a-token-of-more-than-thirty-two-characters"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(
    app: Flask, settings: Settings, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    monkeypatch.setitem(app.config, "CATALOG", replace(settings, metrics_token=TOKEN))
    return client


def value(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not in\n{text}"
    return float(found[1])


def test_without_a_token_there_are_no_figures(client: FlaskClient) -> None:
    assert client.get("/metrics", headers=SHOWN).status_code == 404


@pytest.mark.parametrize("shown", ["", "Bearer wrong", "Bearer ", TOKEN[:-1], "Bearer \xe4"])
def test_whoever_shows_no_token_or_another_is_refused(watched: FlaskClient, shown: str) -> None:
    answer = watched.get("/metrics", headers={"Authorization": shown})
    assert answer.status_code == 401
    assert "catalog_" not in answer.text


def test_requests_are_counted_by_route_and_status(watched: FlaskClient) -> None:
    name = 'catalog_requests_total{method="GET",route="/claim/<token>",status="410"}'
    watched.get("/claim/abc")
    before = value(watched.get("/metrics", headers=SHOWN).text, name)
    watched.get("/claim/def")
    text = watched.get("/metrics", headers=SHOWN).text
    assert value(text, name) == before + 1
    assert value(text, 'catalog_request_seconds_count{route="/claim/<token>"}') >= 2
    assert "abc" not in text


def test_the_queue_and_the_outbox_are_what_the_database_says(app: Flask, watched: FlaskClient) -> None:
    with app.app_context():
        writing.set(True)
        row("job", state="ready", run_at=clock.now() - timedelta(minutes=10))
        row("job", state="ready", run_at=clock.now() + timedelta(days=1), kind="lapse_offer")
        row("job", state="dead")
        row("job", state="done")
        db.session.commit()
    text = watched.get("/metrics", headers=SHOWN).text
    assert value(text, 'catalog_jobs{kind="mail",state="due"}') == 1
    assert value(text, 'catalog_jobs{kind="lapse_offer",state="waiting"}') == 1
    assert 590 < value(text, 'catalog_job_age_seconds{kind="mail"}') < 700
    assert (value(text, 'catalog_letters{state="due"}'), value(text, 'catalog_letters{state="dead"}')) == (
        1,
        1,
    )


def test_seats_are_those_of_coming_sessions(app: Flask, watched: FlaskClient) -> None:
    with app.app_context():
        writing.set(True)
        ana = make.person()
        services.enroll(ana, make.offering(seats=3), by=ana)
        make.offering(seats=7, starts=clock.now() - timedelta(days=9))
        db.session.commit()
    text = watched.get("/metrics", headers=SHOWN).text
    assert value(text, 'catalog_seats{state="taken"}') == 1
    assert value(text, 'catalog_seats{state="free"}') == 2
    assert value(text, "catalog_coming_sessions") == 1


def test_the_last_check_is_among_them(app: Flask, watched: FlaskClient) -> None:
    with app.app_context():
        watching.check()
        db.session.commit()
    assert value(watched.get("/metrics", headers=SHOWN).text, "catalog_check_broken_rows") == 0


def test_asking_costs_a_few_statements(watched: FlaskClient) -> None:
    with counted() as statements:
        watched.get("/metrics", headers=SHOWN)
    assert len(statements) <= 8


def test_a_token_that_is_easily_guessed_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="METRICS_TOKEN"):
        read({"DEMO": "1", "METRICS_TOKEN": "short"}, tmp_path)


def test_where_nothing_can_be_written_the_figures_lie_elsewhere(
    watched: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = watched.application
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    monkeypatch.setenv(metrics.FOLDER, "")
    # Root writes everywhere; a file in its place stops even root.
    tmp_path.joinpath("metrics").write_text("")
    with app.app_context():
        share_counts(app.config["CATALOG"])
    folder = Path(os.environ[metrics.FOLDER])
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0
    folder.rmdir()


@pytest.fixture
def two_workers(database_url: str, app: Flask, tmp_path: Path) -> Iterator[int]:
    """A node with two processes, started as the units, compose and the image do, on a database that is up to date;
    its port. Nobody tells it where to count."""
    port = free_port()
    environ = {name: said for name, said in os.environ.items() if name != metrics.FOLDER} | {
        "DEMO": "1",
        "DATABASE_URL": database_url,
        "INSTANCE": str(tmp_path),
        "METRICS_TOKEN": TOKEN,
        "PORT": str(port),
        "WORKERS": "2",
        "THREADS": "4",
    }
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "catalog", "serve", "--node"]
    process = subprocess.Popen(words, cwd=ROOT, env=environ, start_new_session=True)
    try:
        _wait_for(port, 120)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_two_processes_count_as_one(two_workers: int, tmp_path: Path) -> None:
    base = f"http://127.0.0.1:{two_workers}"
    asked, until = 0, time.monotonic() + 60

    def counting() -> set[str]:
        return {file.name for file in tmp_path.joinpath("metrics").rglob("counter_*.db")}

    # On a busy machine one of them may be quicker for a long while.
    while asked < 60 or (len(counting()) < 2 and time.monotonic() < until):
        with urllib.request.urlopen(f"{base}/sign-in") as answer:
            answer.read()
        asked += 1
    name = 'catalog_requests_total{method="GET",route="/sign-in",status="200"}'
    for _ in range(6):
        request = urllib.request.Request(f"{base}/metrics", headers=SHOWN)
        with urllib.request.urlopen(request) as answer:
            assert value(answer.read().decode(), name) == asked
    assert len(counting()) == 2, "both processes answered"


def test_nodes_that_share_a_folder_leave_each_other_their_counts(
    watched: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two nodes on one machine, with the same settings but for their port."""
    app = watched.application
    monkeypatch.setattr(app, "instance_path", str(tmp_path))
    monkeypatch.setenv(metrics.FOLDER, "")
    folders = []
    with app.app_context():
        for port in (8001, 8002):
            share_counts(replace(app.config["CATALOG"], port=port))
            folders.append(Path(os.environ[metrics.FOLDER]))
            folders[-1].joinpath("counter_1.db").write_text("")
    assert [folder.joinpath("counter_1.db").exists() for folder in folders] == [True, True]
    assert folders[0] != folders[1]
