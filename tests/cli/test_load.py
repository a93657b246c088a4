"""What is loaded from a shell: files in, sentences out, nothing half done."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from catalog import web
from catalog.competencies.models import Area, Topic
from catalog.courses import search
from catalog.courses.models import Course, CourseArea
from catalog.extensions import db, writing
from tests import factories
from tests.competencies.framework_file import newer, small, write
from tests.courses import listing_file

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, _rows: None) -> Run:
    def run(*words: object) -> Result:
        with app.app_context():  # as the flask command does
            writing.set(True)
            return app.test_cli_runner().invoke(args=["catalog", *map(str, words)])

    return run


def count(app: Flask, model: type[Area | Course]) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_framework_is_loaded_and_told(app: Flask, run: Run, tmp_path: Path) -> None:
    done = run("load-framework", write(tmp_path, small()))
    assert done.exit_code == 0
    assert done.output.startswith("Edition 2024: 8 added, 0 updated, 0 unchanged, 0 retired.")
    assert count(app, Area) == 2


def test_a_refused_framework_is_told_without_a_traceback(app: Flask, run: Run, tmp_path: Path) -> None:
    framework = small()
    framework["areas"][0]["name"] = None
    path = write(tmp_path, framework)
    done = run("load-framework", path)
    assert done.exit_code == 1
    assert f"{path}: 1 problem(s), nothing was loaded.\nareas[0] TF: name is missing." in done.output
    assert count(app, Area) == 0


def test_what_a_newer_edition_could_not_carry_over_is_told(app: Flask, run: Run, tmp_path: Path) -> None:
    run("load-framework", write(tmp_path, small()))
    with app.app_context():
        writing.set(True)
        for _ in range(2):
            factories.course(topics=("TF.two",))
        factories.course(areas=("REF",))
        db.session.commit()
    framework = newer()
    del framework["topics"][1], framework["areas"][1]
    done = run("load-framework", write(tmp_path, framework))
    lines = done.output.splitlines()
    assert (
        "Could not carry over: topic TF.two (Two) is not in edition 2027; 2 courses are still mapped to it."
        in lines
    )
    assert (
        "Could not carry over: area REF (Reflection) is not in edition 2027; 1 course is still mapped to it."
        in lines
    )


def test_a_topic_that_moves_takes_its_courses_to_the_new_area(app: Flask, run: Run, tmp_path: Path) -> None:
    run("load-framework", write(tmp_path, small()))
    with app.app_context():
        writing.set(True)
        course_id = factories.course(topics=("TF.two",)).id
        db.session.commit()
    framework = newer()
    framework["topics"][1]["area"] = "REF"
    done = run("load-framework", write(tmp_path, framework))
    assert "Topics moved to another area; courses that cover the new area now: 1." in done.output
    with app.app_context():
        mapped = sa.select(Area.code).join(CourseArea, CourseArea.area_id == Area.id)
        codes = db.session.scalars(mapped.where(CourseArea.course_id == course_id).order_by(Area.code)).all()
        moved = db.session.scalars(sa.select(Topic).where(Topic.code == "TF.two")).one()
        assert moved.area.code == "REF"
    assert codes == ["REF", "TF"]


def test_courses_are_found_by_the_names_of_the_edition_that_was_loaded(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    run("load-framework", write(tmp_path, small()))
    with app.app_context():
        writing.set(True)
        course_id = factories.course(topics=("TF.two",)).id
        db.session.commit()
    framework = newer()
    framework["topics"][1]["name"] = "Kinship"
    run("load-framework", write(tmp_path, framework))
    with app.app_context():
        assert [row.course_id for row in db.session.execute(found_by("kinship"))] == [course_id]


def found_by(word: str) -> sa.Select[Any]:
    matching = search.matching(word)
    assert matching is not None
    return matching


def test_courses_are_imported_and_told(app: Flask, run: Run, tmp_path: Path) -> None:
    run("load-framework", write(tmp_path, small()))
    path = listing_file.write(tmp_path, {"competency_areas": "TF"})
    assert run("import-courses", path).output.startswith("1 row: 1 added")
    assert run("import-courses", path).output.startswith("1 row: 0 added, 0 updated, 1 unchanged")
    assert count(app, Course) == 1


def test_a_refused_import_leaves_nothing(app: Flask, run: Run, tmp_path: Path) -> None:
    run("load-framework", write(tmp_path, small()))
    done = run("import-courses", listing_file.write(tmp_path, {}, {"title": "Other", "hours": "lots"}))
    assert done.exit_code == 1
    assert "row 3, hours: “lots” is not a number of hours." in done.output
    assert count(app, Course) == 0


def test_a_file_that_is_not_there_is_one_sentence(run: Run) -> None:
    done = run("import-courses", "/nowhere.csv")
    assert done.exit_code == 1
    assert "cannot be read: No such file or directory." in done.output


def test_the_demo_is_refused_over_people_and_outside_demo_mode(
    app: Flask, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        writing.set(True)
        factories.person()
        db.session.commit()
    assert "people in this catalog already" in run("load-demo").output
    monkeypatch.setitem(app.config, "CATALOG", replace(app.config["CATALOG"], demo=False))
    done = run("load-demo")
    assert done.exit_code == 1
    assert "only in demo mode" in done.output


# htmx for networks that block the CDN.

SCRIPT = b"/* stands for htmx */"


@pytest.fixture
def known(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An instance folder of its own, and a script whose hash is the one that is demanded."""
    digest = base64.b64encode(hashlib.sha384(SCRIPT).digest()).decode()
    monkeypatch.setattr(web, "HTMX_INTEGRITY", f"sha384-{digest}")
    monkeypatch.setattr(app, "instance_path", str(tmp_path / "instance"))
    (tmp_path / "instance").mkdir()
    return tmp_path / "instance" / web.HTMX_LOCAL


@pytest.fixture
def cdn(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = make_server("127.0.0.1", 0, Response(SCRIPT))
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(web, "HTMX_URL", f"http://127.0.0.1:{server.port}/htmx.min.js")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("cdn")
def test_htmx_is_fetched_checked_and_kept(run: Run, known: Path) -> None:
    done = run("fetch-htmx")
    assert done.exit_code == 0
    assert known.read_bytes() == SCRIPT
    assert [path.name for path in known.parent.iterdir()] == [known.name]


def test_htmx_may_come_from_a_file(run: Run, known: Path, tmp_path: Path) -> None:
    (tmp_path / "given.js").write_bytes(SCRIPT)
    assert "Set HTMX_SOURCE=local" in run("fetch-htmx", "--from", tmp_path / "given.js").output
    assert known.read_bytes() == SCRIPT


def test_what_is_not_htmx_is_refused_and_the_kept_copy_stays(run: Run, known: Path, tmp_path: Path) -> None:
    known.write_bytes(SCRIPT)
    (tmp_path / "given.js").write_bytes(SCRIPT + b" ")
    done = run("fetch-htmx", "--from", tmp_path / "given.js")
    assert done.exit_code == 1
    assert "is not the htmx that this catalog was made for, so it was not kept." in done.output
    assert known.read_bytes() == SCRIPT


def test_an_address_that_does_not_answer_is_one_sentence(
    run: Run, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "HTMX_URL", "http://127.0.0.1:9/htmx.min.js")
    done = run("fetch-htmx")
    assert done.exit_code == 1
    assert "http://127.0.0.1:9/htmx.min.js cannot be read: " in done.output
    assert not known.exists()


def test_the_audit_trail_names_the_file(app: Flask, run: Run, tmp_path: Path) -> None:
    run("load-framework", write(tmp_path, small()))
    with app.app_context():
        told = db.session.execute(sa.text("SELECT details FROM audit_entry")).scalar_one()
    details = told if isinstance(told, dict) else json.loads(told)
    assert details["told"].startswith("Edition 2024")


def test_the_framework_is_written_to_a_file_and_to_the_screen(run: Run, tmp_path: Path) -> None:
    run("load-framework", write(tmp_path, small()))
    path = tmp_path / "exported.json"
    assert run("export-framework", path).output == f"Wrote the framework to {path}.\n"
    assert json.loads(path.read_bytes())["edition"] == "2024"
    assert run("export-framework", "-").output.encode() == path.read_bytes()


def test_what_was_exported_is_loaded_without_a_change(run: Run, tmp_path: Path) -> None:
    run("load-framework", write(tmp_path, small()))
    path = tmp_path / "exported.json"
    run("export-framework", path)
    assert run("load-framework", path).output.startswith("Edition 2024: 0 added, 0 updated, 8 unchanged")


def test_nothing_is_exported_before_anything_is_loaded(run: Run, tmp_path: Path) -> None:
    done = run("export-framework", tmp_path / "none.json")
    assert (done.exit_code, done.output) == (1, "Error: No framework has been loaded yet.\n")
    assert not (tmp_path / "none.json").exists()


def test_a_file_that_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    run("load-framework", write(tmp_path, small()))
    done = run("export-framework", tmp_path / "nowhere" / "framework.json")
    assert done.exit_code == 1
    assert "cannot be written: No such file or directory." in done.output
