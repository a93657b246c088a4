"""The migrations: from nothing to the models, down again, and up again, on an empty database of their own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from catalog import create_app
from catalog.config import read
from catalog.extensions import Base, db
from tests import engines


@pytest.fixture
def empty(tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """An application on a database without any tables."""
    server = os.environ.get("TEST_DATABASE_URL")
    name = f"catalog_migrations_{worker_id}_{os.getpid()}"
    url = engines.create_database(server, name) if server else f"sqlite:///{tmp_path}/empty.db"
    app = create_app(read({"DEMO": "1", "DATABASE_URL": url}, tmp_path), TESTING=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if server:
        engines.drop_database(server, name)


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences() -> list[Any]:
    def ours(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or not (name or "").startswith(("course_search", "alembic_version"))

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours, "compare_type": True})
        return list(compare_metadata(context, Base.metadata))


@pytest.mark.usefixtures("empty")
def test_upgrading_from_nothing_gives_the_models() -> None:
    upgrade()
    assert differences() == []


@pytest.mark.usefixtures("empty")
def test_the_way_down_leaves_nothing_and_the_way_up_is_open_again() -> None:
    upgrade()
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert differences() == []


@pytest.mark.usefixtures("empty")
def test_every_constraint_of_a_table_has_a_name() -> None:
    upgrade()
    inspector = sa.inspect(db.engine)
    for table in Base.metadata.tables:
        found = [
            *inspector.get_unique_constraints(table),
            *inspector.get_check_constraints(table),
            *inspector.get_foreign_keys(table),
        ]
        assert all(constraint["name"] for constraint in found), table
