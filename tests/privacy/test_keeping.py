"""Every kind of data has its time; what is over it is counted, and forgotten some rows at once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from catalog import clock, retention
from catalog.config import ConfigError, read
from catalog.extensions import Base, db, start_writing
from catalog.privacy import keeping
from tests import factories as make
from tests.coordinating.rows import row

Made = tuple[str, str]


def over() -> int:
    offering = make.offering(starts=clock.now() - timedelta(days=9))
    return offering.id


def _meeting() -> int:
    return make.meeting(make.offering(meetings=0), 1, clock.now() - timedelta(days=9)).id


def days_ago() -> Any:
    return clock.now() - timedelta(days=9)


# For each kind: the row, and the column that says when its time began; None where a session says it.
ROWS: dict[str, Callable[[], dict[str, Any]]] = {
    "letter_words": lambda: row("job", payload={"text": "Hello", "values": {"a": "b"}}, done_at=days_ago()),
    "letters": lambda: row("job", done_at=days_ago()),
    "jobs": lambda: row("job", kind="lapse_offer", done_at=days_ago()),
    "sign_ins": lambda: row("sign_in", ends_at=days_ago()),
    "attempts": lambda: row("tally", until=days_ago()),
    "feeds": lambda: row("calendar_feed", revoked_at=days_ago()),
    "links": lambda: row("share_link", revoked_at=days_ago()),
    "calendar": lambda: row("calendar_entry", offering_id=over()),
    "doors": lambda: row("door", meeting_id=_meeting(), secret="abc"),
    "answers": lambda: row("enrollment", offering_id=over(), access_request="A ramp"),
    "evidence": lambda: row("evidence", added_at=days_ago()),
    "imports": lambda: row("table_import", rows={"rows": [{"name": "Ana"}]}, read_at=days_ago()),
    "reports": lambda: row("video_report", participants=[{"name": "Ana"}], saved_at=days_ago()),
    "materials": lambda: row("material", removed_at=days_ago()),
    "hits": lambda: row("saved_search_hit", offering_id=over()),
    "bounces": lambda: row("bounce", came_at=days_ago(), cleared_at=days_ago()),
    "exports": lambda: row("personal_export", made_at=days_ago(), content=b"x", expires_at=days_ago()),
    "accounts": lambda: row("departure", due_at=days_ago()),
    "checks": lambda: row("check_run", began_at=days_ago()),
    "audit": lambda: row("audit_entry", at=days_ago()),
}
IN_FORCE = dict.fromkeys(retention.KINDS, 5)


def forget(kind: str, days: dict[str, int]) -> int:
    rows = 0
    while some := keeping.forget_some(kind, days, clock.now()):
        db.session.commit()
        rows += some
    return rows


def test_every_kind_that_is_kept_is_purged() -> None:
    assert set(keeping.PURGES) == set(retention.KINDS) == set(ROWS)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("kind", ROWS)
def test_what_is_over_its_time_is_forgotten(kind: str) -> None:
    make.person("Ada Sample", is_administrator=True)
    ROWS[kind]()
    db.session.commit()
    later = dict.fromkeys(retention.KINDS, 20)
    assert (keeping.count(kind, later, clock.now()), forget(kind, later)) == (0, 0)
    assert keeping.count(kind, IN_FORCE, clock.now()) == 1
    assert forget(kind, IN_FORCE) == 1
    assert keeping.count(kind, IN_FORCE, clock.now()) == 0


def table(name: str) -> sa.Table:
    return Base.metadata.tables[name]


# What somebody else does once a row was found, by which it is not over its time any more.
KEPT: dict[str, Callable[[], sa.Update]] = {
    "letter_words": lambda: sa.update(table("job")).values(state="ready", run_at=clock.now()),
    "letters": lambda: sa.update(table("job")).values(state="ready", run_at=clock.now()),
    "sign_ins": lambda: sa.update(table("sign_in")).values(ends_at=clock.now() + timedelta(days=1)),
    "attempts": lambda: sa.update(table("tally")).values(until=clock.now()),
    "links": lambda: sa.update(table("share_link")).values(revoked_at=None),
    "imports": lambda: sa.update(table("table_import")).values(read_at=clock.now()),
    "materials": lambda: sa.update(table("material")).values(removed_at=None),
    "exports": lambda: sa.update(table("personal_export")).values(expires_at=clock.now()),
}


def once_found(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Once what is over its time was found, and before any of it is forgotten."""

    def act_first() -> None:
        act()
        start_writing()

    monkeypatch.setattr(keeping, "start_writing", act_first)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("kind", KEPT)
def test_what_somebody_keeps_once_it_was_found_stays(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ROWS[kind]()
    db.session.commit()
    change = KEPT[kind]()

    def keep() -> None:
        with db.engine.begin() as other:
            other.execute(change)

    once_found(monkeypatch, keep)
    assert keeping.forget_some(kind, IN_FORCE, clock.now()) == 0
    db.session.commit()
    found = sa.select(sa.func.count()).select_from(change.table)
    assert db.session.scalar(found) == 1


@pytest.mark.postgres
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("kind", KEPT)
def test_who_keeps_it_this_moment_is_waited_for(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ROWS[kind]()
    db.session.commit()
    change = KEPT[kind]()
    with db.engine.connect() as other:
        once_found(monkeypatch, lambda: other.execute(change))
        assert while_committed_late(other, lambda: keeping.forget_some(kind, IN_FORCE, clock.now())) == 0
    db.session.commit()
    found = sa.select(sa.func.count()).select_from(change.table)
    assert db.session.scalar(found) == 1


@pytest.mark.postgres
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("back", ["put back", "sent again"])
def test_a_file_that_is_shown_again_this_moment_stays(back: str, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = row("evidence", added_at=days_ago())["id"]
    if back == "put back":
        states = {"state": "withdrawn", "checked_at": days_ago(), "added_at": days_ago()}
        line = row("hour_entry", evidence_id=evidence, **states)
        entry = table("hour_entry")
        columns = [one for one in entry.c if one.name not in ("id", "evidence_id", "state", "once")]
        values = [*columns, entry.c.evidence_id, sa.literal("pending")]
        again: sa.Insert | sa.Update = sa.insert(entry).from_select(
            [*(one.name for one in columns), "evidence_id", "state"],
            sa.select(*values).where(entry.c.id == line["id"]),
        )
    else:
        states = {"state": "returned", "checked_at": days_ago(), "added_at": days_ago()}
        row("education", evidence_id=evidence, **states)
        again = sa.update(table("education")).values(state="pending", checked_at=None)
    db.session.commit()
    with db.engine.connect() as other:
        once_found(monkeypatch, lambda: other.execute(again))
        assert (
            while_committed_late(other, lambda: keeping.forget_some("evidence", IN_FORCE, clock.now())) == 0
        )
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(table("evidence"))) == 1


def while_committed_late(other: sa.Connection, act: Callable[[], int]) -> int:
    """What comes of it where the other connection commits once it is waited for."""
    is_over = Event()

    def commit() -> None:
        asked = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
            while not is_over.wait(0.01) and not looking.scalar(asked):
                pass
        other.commit()

    app: Any = current_app
    of_app = app._get_current_object()

    def run() -> None:
        with of_app.app_context():
            commit()

    thread = Thread(target=run)
    thread.start()
    try:
        return act()
    finally:
        is_over.set()
        thread.join(20)


@pytest.mark.usefixtures("context")
def test_a_file_that_shows_hours_which_count_stays_however_old() -> None:
    evidence = row("evidence", added_at=days_ago())["id"]
    row("hour_entry", evidence_id=evidence, state="pending", added_at=days_ago())
    db.session.commit()
    assert keeping.count("evidence", IN_FORCE, clock.now()) == 0


@pytest.mark.usefixtures("context")
def test_a_file_of_hours_that_were_sent_back_goes_and_the_line_stays() -> None:
    evidence = row("evidence", added_at=days_ago())["id"]
    line = row(
        "hour_entry", evidence_id=evidence, state="returned", checked_at=days_ago(), added_at=days_ago()
    )
    db.session.commit()
    assert forget("evidence", IN_FORCE) == 1
    entry = Base.metadata.tables["hour_entry"]
    assert db.session.execute(sa.select(entry.c.evidence_id).where(entry.c.id == line["id"])).scalar() is None


@pytest.mark.usefixtures("context")
def test_a_letter_that_waits_is_never_forgotten() -> None:
    row("job", state="ready", run_at=days_ago())
    db.session.commit()
    assert keeping.count("letters", IN_FORCE, clock.now()) == 0


@pytest.mark.usefixtures("context")
def test_a_dry_run_counts_and_forgets_nothing(app: Flask) -> None:
    row("sign_in", ends_at=clock.now() - timedelta(days=99))
    db.session.commit()
    said = app.test_cli_runner().invoke(args=["catalog", "purge", "--dry-run"])
    assert "sign_ins: 1." in said.output
    assert db.session.scalar(sa.text("select count(*) from sign_in")) == 1
    assert (
        "sign_ins: 1." in app.test_cli_runner().invoke(args=["catalog", "purge", "--kind", "sign_ins"]).output
    )
    assert db.session.scalar(sa.text("select count(*) from sign_in")) == 0


def test_an_association_sets_other_days(tmp_path: Any) -> None:
    settings = read({"DEMO": "1", "RETENTION": "letters=500, audit=3650"}, tmp_path)
    assert (settings.retention["letters"], settings.retention["audit"]) == (500, 3650)
    assert settings.retention["feeds"] == retention.KINDS["feeds"].days


@pytest.mark.parametrize("said", ["letters=1", "letters=x", "everything=3", "letters", "letters=-5"])
def test_days_that_cannot_be_used_stop_the_start(said: str, tmp_path: Any) -> None:
    with pytest.raises(ConfigError, match="RETENTION"):
        read({"DEMO": "1", "RETENTION": said}, tmp_path)
