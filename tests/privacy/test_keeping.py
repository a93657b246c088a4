"""Every kind of data has its time; what is over it is counted, and forgotten some rows at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock, retention
from catalog.config import ConfigError, read
from catalog.extensions import Base, db
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
