"""An installation beside the one that all tests share, to bring a copy back into."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from catalog import create_app
from catalog.config import Settings
from catalog.extensions import db
from tests import engines


@pytest.fixture
def empty(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """An installation whose database is there and holds nothing."""
    server = os.environ.get("TEST_DATABASE_URL")
    name = f"catalog_restored_{os.getpid()}"
    url = engines.create_database(server, name) if server else f"sqlite:///{tmp_path}/restored.db"
    app = create_app(replace(settings, database_url=url), TESTING=True)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if server:
        engines.drop_database(server, name)
