"""Nobody else on the machine reads a copy, or the password of the database that it is of."""

import os
from pathlib import Path

import pytest
from flask import Flask

from catalog.cli import copying
from tests.deploy.installation import run

pytestmark = pytest.mark.usefixtures("cast")


def test_it_is_readable_by_its_owner_alone_with_a_sum_beside_it(app: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o77 == 0
    assert (tmp_path / "copy.sha256").read_text().endswith("  copy\n")
    assert {path.name for path in tmp_path.iterdir()} == {"copy", "copy.sha256"}


@pytest.mark.sqlite
def test_the_scratch_is_readable_by_its_owner_alone(app: Flask, tmp_path: Path) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    before = os.umask(0o022)
    try:
        copying.copy(url, tmp_path / "copy")
        with copying.scratch(url, tmp_path) as scratch:
            copying.bring_back(tmp_path / "copy", scratch)
            assert copying.file_of(scratch).stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


@pytest.mark.postgres
def test_the_password_is_not_in_the_list_of_processes() -> None:
    url = "postgresql+psycopg://catalog:hunter2@127.0.0.1/catalog"
    assert "hunter2" not in copying._plain(url)
