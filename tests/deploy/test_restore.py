"""`flask catalog restore`: a whole copy takes the place of an empty database, and of another only when asked to."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog.extensions import db, writing
from tests import engines
from tests import factories as make
from tests.deploy.installation import people, run

pytestmark = pytest.mark.usefixtures("cast")


def test_a_database_that_holds_something_is_not_overwritten_unless_asked(app: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy")
    with app.app_context():
        writing.set(True)
        make.person("Late Sample", email="late@example.org")
        db.session.commit()
    refused = run(app, "restore", tmp_path / "copy")
    assert refused.exit_code == 1
    assert "is not empty" in refused.output
    assert "late@example.org" in people(app)


def test_asked_to_it_throws_away_what_was_there(app: Flask, empty: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy")
    run(empty, "restore", tmp_path / "copy")
    with empty.app_context():
        writing.set(True)
        make.person("Late Sample", email="late@example.org")
        db.session.execute(sa.text("CREATE TABLE of_a_newer_release (id integer)"))
        db.session.commit()
    back = run(empty, "restore", tmp_path / "copy", "--overwrite")
    assert back.exit_code == 0, back.output
    assert people(empty) == people(app)


@pytest.mark.postgres
@pytest.mark.skipif(not os.environ.get("TEST_DATABASE_URL"), reason="SQLite waits for its turn instead")
def test_a_database_that_somebody_still_uses_is_not_overwritten(
    app: Flask, empty: Flask, tmp_path: Path
) -> None:
    run(app, "backup", tmp_path / "copy")
    run(empty, "restore", tmp_path / "copy")
    before = people(empty)
    run(app, "backup", tmp_path / "another")
    node = sa.create_engine(empty.config["SQLALCHEMY_DATABASE_URI"], poolclass=sa.NullPool)
    with node.connect():
        refused = run(empty, "restore", tmp_path / "another", "--overwrite")
    assert refused.exit_code == 1
    assert "stop the nodes and workers" in refused.output
    assert people(empty) == before


SORTS = sa.text("SELECT datcollate, datlocprovider FROM pg_database WHERE datname = current_database()")


@pytest.mark.postgres
@pytest.mark.skipif(not os.environ.get("TEST_DATABASE_URL"), reason="SQLite sorts one way")
@pytest.mark.parametrize("sorts", ["LC_COLLATE 'C'", "LOCALE_PROVIDER icu ICU_LOCALE 'de'"])
def test_a_database_sorts_as_before_once_it_was_brought_back(
    app: Flask, empty: Flask, tmp_path: Path, sorts: str
) -> None:
    url = empty.config["SQLALCHEMY_DATABASE_URI"]
    name = sa.make_url(url).database
    engines.execute(url, f'CREATE DATABASE "{name}_own" TEMPLATE template0 {sorts}', on="postgres")
    engines.drop_database(os.environ["TEST_DATABASE_URL"], str(name))
    engines.execute(url, f'ALTER DATABASE "{name}_own" RENAME TO "{name}"', on="postgres")
    with empty.app_context(), db.engine.connect() as connection:
        before = connection.execute(SORTS).one()
    run(app, "backup", tmp_path / "copy")
    with empty.app_context():
        db.engine.dispose()
    done = run(empty, "restore", tmp_path / "copy")
    assert done.exit_code == 0, done.output
    with empty.app_context(), db.engine.connect() as connection:
        assert connection.execute(SORTS).one() == before


def test_a_changed_copy_is_refused_and_nothing_is_touched(app: Flask, empty: Flask, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    run(app, "backup", file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    refused = run(empty, "restore", file)
    assert refused.exit_code == 1
    assert "SHA-256" in refused.output


def test_what_is_no_copy_is_refused(empty: Flask, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana")
    assert run(empty, "restore", tmp_path / "letter.txt").exit_code == 1


def test_a_restore_says_which_database_it_fills_and_no_password(
    app: Flask, empty: Flask, tmp_path: Path
) -> None:
    run(app, "backup", tmp_path / "copy")
    url = sa.make_url(empty.config["SQLALCHEMY_DATABASE_URI"])
    said = run(empty, "restore", tmp_path / "copy").output.splitlines()
    assert str(url.database) in said[0]
    assert "This fills" in said[0]
    assert str(url.database) in said[1]
    assert "Brought back" in said[1]
    assert not url.password or str(url.password) not in "".join(said)
    refused = run(empty, "restore", tmp_path / "copy").output.splitlines()
    assert str(url.database) in refused[0]
