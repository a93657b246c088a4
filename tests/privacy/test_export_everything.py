"""Whatever names a person is in the file of everything about them, and no secret is."""

import io
import json
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.accounts import passwords
from catalog.accounts import services as accounts
from catalog.config import Settings
from catalog.coordinating.belongings import Belonging, naming_people
from catalog.extensions import Base, db
from catalog.notices.models import Job
from catalog.privacy import exporting, things
from catalog.privacy.models import PersonalExport
from catalog.privacy.services import exporting as asking
from tests import factories as make
from tests.privacy.beside import between_read_and_write
from tests.privacy.people import quilla, row_that_names

pytestmark = pytest.mark.usefixtures("context")


def opened(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    return json.loads(files["everything.json"]), files


@pytest.mark.parametrize("column", naming_people(), ids=lambda one: one.key)
def test_a_row_that_names_somebody_is_in_their_file(column: Belonging, settings: Settings) -> None:
    make.person()
    me = quilla()
    made = row_that_names(column, me)
    said, _ = opened(exporting.archive(me, settings, clock.now()))
    place = (
        said["yours"].get(column.table.name, [])
        if things.is_subject(column)
        else said["for_others"][column.key]
    )
    wanted = {name: value for name, value in made.items() if name in {one.name for one in shown(column)}}
    assert any(all(line.get(name) == value for name, value in wanted.items()) for line in place), column.key


def shown(column: Belonging) -> list[sa.Column[Any]]:
    return things.exported_columns(column.table) if things.is_subject(column) else things.deed_columns(column)


def test_what_is_said_of_others_is_not_in_it(settings: Settings) -> None:
    me = quilla(is_trainer=True)
    column = next(one for one in naming_people() if one.key == "hour_entry.added_by_id")
    row_that_names(column, me)
    said, _ = opened(exporting.archive(me, settings, clock.now()))
    assert set(said["for_others"]["hour_entry.added_by_id"][0]) == {
        "id", "began_on", "ended_on", "added_at", "added_by_id", "checked_at", "superseded_at",
    }  # fmt: skip


def test_no_column_that_holds_a_secret_is_exported() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in things.exported_columns(table)
    }
    assert not {one for one in columns if "hash" in one or "secret" in one or "token" in one}
    assert "person.name" in columns


def test_passwords_and_tokens_are_not_in_the_file(settings: Settings) -> None:
    hashed = passwords.hash_of("a few plain words")
    me = quilla(password_hash=hashed)
    token = accounts.begin_sign_in(me)
    _, files = opened(exporting.archive(me, settings, clock.now()))
    everything = b"".join(files.values()).decode("latin-1")
    assert hashed not in everything
    assert token not in everything
    assert db.session.scalar(sa.text("select token_hash from sign_in")) not in everything


def test_files_come_along_and_are_named_in_the_lines(settings: Settings) -> None:
    me = quilla()
    column = next(one for one in naming_people() if one.key == "evidence.person_id")
    made = row_that_names(column, me)
    said, files = opened(exporting.archive(me, settings, clock.now()))
    place = said["yours"]["evidence"][0]["content"]
    assert place.startswith(f"files/evidence-{made['id']}")
    assert files[place] == b"sample"


def letters() -> int | None:
    return db.session.scalar(sa.select(sa.func.count(Job.id)).where(Job.kind == "mail"))


def test_the_worker_makes_it_once_and_writes_a_letter() -> None:
    me = quilla()
    asked = asking.ask_for_export(me)
    assert asking.ask_for_export(me).id == asked.id
    db.session.commit()
    asking.make_export(asked.id)
    db.session.commit()
    asking.make_export(asked.id)
    db.session.commit()
    assert letters() == 1
    db.session.refresh(asked)
    assert asked.content is not None
    assert asked.expires_at == asked.made_at + asking.LASTS  # type: ignore[operator]


def test_of_two_workers_the_second_leaves_the_file_of_the_first() -> None:
    asked = asking.ask_for_export(quilla())
    db.session.commit()
    number = asked.id
    made = {"content": b"of the first", "size": 12, "made_at": clock.now(), "expires_at": clock.now()}
    with between_read_and_write(sa.update(PersonalExport).values(made)):
        asking.make_export(number)
    db.session.commit()
    assert db.session.scalar(sa.select(PersonalExport.content)) == b"of the first"
    assert letters() == 0


def test_nothing_is_made_for_somebody_who_left_when_they_had_just_asked() -> None:
    asked = asking.ask_for_export(quilla(left_at=clock.now()))
    db.session.commit()
    asking.make_export(asked.id)
    db.session.commit()
    assert db.session.scalar(sa.select(PersonalExport.made_at)) is None
    assert letters() == 0
