"""On SQLite whoever is going to write holds the file from their first look on, also against programs that know
nothing of our turns, such as somebody at the command line."""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from catalog.extensions import db, writing

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("context")]


def another_program_writes() -> None:
    with closing(sqlite3.connect(str(db.engine.url.database), timeout=0, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        another.execute("ROLLBACK")


def test_nobody_writes_between_a_look_and_what_is_decided_by_it() -> None:
    writing.set(True)
    db.session.rollback()
    db.session.scalar(sa.text("SELECT count(*) FROM offering"))
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        another_program_writes()
    db.session.rollback()
    another_program_writes()


def test_whoever_only_reads_keeps_nobody_from_writing() -> None:
    writing.set(False)
    db.session.rollback()
    db.session.scalar(sa.text("SELECT count(*) FROM offering"))
    another_program_writes()
    db.session.rollback()
