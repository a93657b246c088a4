"""Something is written for an account while it is joined with another one: it is not left behind."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts.models import Person
from catalog.accounts.services import AccountJoined
from catalog.competencies.models import Category
from catalog.coordinating import belongings
from catalog.coordinating.importing import services as importing
from catalog.coordinating.importing.refusals import ChangedMeanwhile
from catalog.coordinating.models import TableImport, TableKind
from catalog.courses.models import Course
from catalog.endorsement import services as endorsement
from catalog.extensions import db
from catalog.following import services as following
from catalog.following.models import HowOften
from catalog.groups import services as groups
from catalog.groups.models import RscSession
from catalog.records import services as records
from catalog.records.evidence import Clean
from catalog.records.models import Education, HourEntry, HourImport
from tests import factories as make
from tests.attendance.sheets import inside
from tests.coordinating.accounts import broken, two
from tests.coordinating.test_merge_race import merging, overlapping
from tests.coordinating.test_saved_beside import kept as table
from tests.groups.circles import qualified
from tests.records.entries import PDF, said

EDUCATION = {
    "programme": "Infant studies",
    "institution": "A university",
    "credit_hours": "3",
    "finished_on": date(2020, 5, 1),
    "course_id": None,
}
ROW = {
    "line": 2,
    "problems": [],
    "ledger": "training",
    "title": "Play",
    "began": "2024-05-14",
    "ended": "2024-05-14",
    "minutes": 180,
    "trainer": "",
    "provider": "",
    "is_group": None,
    "areas": [],
    "topics": [],
    "tags": [],
}


class Scene(NamedTuple):
    kept: int
    gone: int
    mira: int
    tess: int
    table: int
    seal: str


Write = Callable[[Person, Person, Person], object]
"""What is written: for the account that goes, by a coordinator or with a provider."""


def add_hours(gone: Person, _mira: Person, _tess: Person) -> object:
    return records.add_hours(said(), PDF, by=gone)


def add_hours_for(gone: Person, mira: Person, _tess: Person) -> object:
    return records.add_hours_for(gone, said(), None, by=mira)


def only(kind: type) -> object:
    return db.session.scalars(sa.select(kind).order_by(kind.id)).first()  # type: ignore[attr-defined]


def correct_hours(gone: Person, _mira: Person, _tess: Person) -> object:
    entry = only(HourEntry)
    assert isinstance(entry, HourEntry)
    return records.correct_hours(entry, said(title="Said otherwise"), PDF, by=gone)


def put_back_hours(gone: Person, _mira: Person, _tess: Person) -> object:
    entry = db.session.scalars(sa.select(HourEntry).order_by(HourEntry.id.desc())).first()
    assert entry
    return records.put_back_hours(entry, by=gone)


def import_hours(gone: Person, _mira: Person, _tess: Person) -> object:
    found = only(HourImport)
    assert isinstance(found, HourImport)
    return records.save_import(found, [2], found.read_at.isoformat(), by=gone)


def add_education(gone: Person, _mira: Person, _tess: Person) -> object:
    return records.add_education(EDUCATION, PDF, by=gone)


def show_education(gone: Person, _mira: Person, _tess: Person) -> None:
    other = Clean("other.pdf", PDF.media_type, PDF.content)
    education = only(Education)
    assert isinstance(education, Education)
    records.change_education(education, EDUCATION, other, by=gone)


def _category() -> Category:
    return db.session.scalars(sa.select(Category)).one()


def add_goal(gone: Person, _mira: Person, _tess: Person) -> object:
    return endorsement.add_goal(gone, _category(), by=gone)


def hold(gone: Person, _mira: Person, _tess: Person) -> object:
    today = clock.today("UTC")
    return endorsement.hold(gone, _category(), today, today, provides_rsc=False, by=gone)


def show_interest(gone: Person, _mira: Person, _tess: Person) -> None:
    following.show_interest(db.session.scalars(sa.select(Course)).one(), by=gone)


def save_search(gone: Person, _mira: Person, _tess: Person) -> object:
    return following.save(gone, "?format=in_person", "", HowOften.DAILY)


def write_down(gone: Person, _mira: Person, tess: Person) -> object:
    return groups.write_down(gone, tess, clock.today("UTC") - timedelta(days=9), 60)


def give(gone: Person, mira: Person, _tess: Person) -> object:
    """The account that goes is the provider's."""
    return groups.write_down(mira, gone, clock.today("UTC") - timedelta(days=9), 60)


def confirm(_gone: Person, _mira: Person, _tess: Person) -> object:
    session = only(RscSession)
    assert isinstance(session, RscSession)
    return groups.confirm(session)


HOURS: tuple[Write, ...] = (add_hours, add_hours_for, correct_hours, put_back_hours, import_hours)
ELSE: tuple[Write, ...] = (add_education, show_education, add_goal, hold, show_interest, save_search)
RSC: tuple[Write, ...] = (write_down, give, confirm)


def each(*writes: Write) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("write", writes, ids=lambda write: write.__name__)


@pytest.fixture
def scene(app: Flask, _rows: None) -> Scene:
    """Everything that is there before any of it is written."""
    with inside(app):
        kept, gone, mira = two()
        tess = make.person("Tess Sample")
        make.category()
        make.course()
        for provider in (tess, gone):
            qualified(provider, category_code="MHS")
        records.add_hours(said(title="Before"), None, by=gone)
        records.withdraw_hours(records.add_hours(said(title="Taken back"), PDF, by=gone), by=gone)
        records.add_education(EDUCATION | {"programme": "Before"}, PDF, by=gone)
        groups.write_down(gone, tess, clock.today("UTC") - timedelta(days=3), 60)
        stamp = {"read_at": clock.now(), "read_by_id": gone.id}
        rows = {"rows": [ROW], "used": [], "unused": []}
        db.session.add(HourImport(person_id=gone.id, file_name="table.csv", rows=rows, **stamp))
        row = {"email": gone.email, "title": "Play", "began": "2024-05-14", "hours": "3"}
        number, sealed = table(TableKind.ATTENDANCE, mira, row)
        return Scene(kept.id, gone.id, mira.id, tess.id, number, sealed)


def writing(scene: Scene, write: Write) -> Callable[[], object]:
    ids = (scene.gone, scene.mira, scene.tess)
    return lambda: write(*(db.session.get_one(Person, one) for one in ids))


def left_behind(app: Flask, scene: Scene) -> dict[str, int]:
    """What is still the own of the account that is gone, by where it stands: but for the letter that tells of it, and
    who wrote what."""
    with inside(app):
        if db.session.get_one(Person, scene.gone).merged_into_id is None:
            return {}
        found = {one.key: len(belongings.rows_of(scene.gone, one)) for one in belongings.that_move()}
        left = {
            key: count
            for key, count in found.items()
            if count and not key.endswith(("job.person_id", "_by_id"))
        }
        assert left or broken() == set()
        return left


@each(*HOURS, *ELSE, *RSC)
def test_what_is_written_just_before_goes_along_or_stops_the_merge(
    app: Flask, scene: Scene, write: Write
) -> None:
    came = overlapping(app, writing(scene, write), merging(scene.kept, scene.gone, scene.mira))
    assert came in (["done", "done"], ["done", "NotAsShown"])
    assert left_behind(app, scene) == {}


@each(add_hours, add_goal, save_search, write_down, give)
def test_what_is_written_just_after_is_refused(app: Flask, scene: Scene, write: Write) -> None:
    came = overlapping(app, merging(scene.kept, scene.gone, scene.mira), writing(scene, write))
    assert came == ["done", "AccountJoined"]
    assert left_behind(app, scene) == {}


def test_a_table_that_is_saved_just_before_goes_along(app: Flask, scene: Scene) -> None:
    def save() -> None:
        mira = db.session.get_one(Person, scene.mira)
        importing.save(db.session.get_one(TableImport, scene.table), scene.seal, by=mira)

    came = overlapping(app, save, merging(scene.kept, scene.gone, scene.mira))
    assert came in (["done", "done"], ["done", "NotAsShown"])
    assert left_behind(app, scene) == {}


def test_a_table_with_somebody_who_was_joined_since_it_was_looked_at_is_shown_anew(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are settled, and the account is joined before they are written."""
    with inside(app):
        mira = db.session.get_one(Person, scene.mira)
        found = db.session.get_one(TableImport, scene.table)
        planned = importing.plan(found, by=mira)
        merging(scene.kept, scene.gone, scene.mira)()
        monkeypatch.setattr(importing, "plan", lambda _found, by: planned)
        with pytest.raises(ChangedMeanwhile) as refusal:
            importing.save(found, scene.seal, by=mira)
    assert refusal.value.lines == {2}
    assert left_behind(app, scene) == {}


def test_a_coordinator_is_told_to_go_to_the_other_account(app: Flask, scene: Scene) -> None:
    with inside(app):
        merging(scene.kept, scene.gone, scene.mira)()
        people = [db.session.get_one(Person, one) for one in (scene.gone, scene.mira, scene.tess)]
        with pytest.raises(AccountJoined, match="Do it for the other one"):
            add_hours_for(*people)
        with pytest.raises(AccountJoined, match="Sign in with the other one"):
            add_hours(*people)
