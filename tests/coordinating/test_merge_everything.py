"""Nothing that names a person is forgotten by a merge, and an undo leaves nothing behind."""

import pytest
import sqlalchemy as sa

from catalog.accounts.models import AccountKey, Person
from catalog.coordinating import belongings, services
from catalog.coordinating.belongings import Belonging
from catalog.coordinating.queries import merging as queries
from catalog.extensions import db
from tests import factories as make
from tests.coordinating.rows import GIVEN, database, row

pytestmark = pytest.mark.usefixtures("context")

# What a merge and its undo write, whatever else they do.
WRITTEN = ("audit_entry", "job", "person_merge", "sign_in")
COLUMNS = belongings.naming_people()
# Made of the account itself, and made anew whenever it changes, so that nobody can have others.
KEYS = "account_key.person_id"
# What a merge moves, said once more: a table of tomorrow is missing here until somebody has thought of it.
MOVES = {
    "bounce.cleared_by_id",
    "calendar_entry.person_id",
    "calendar_feed.person_id",
    "certificate.person_id",
    "certificate.revoked_by_id",
    "certificate_batch.asked_by_id",
    "course.owner_id",
    "course_area.reviewed_by_id",
    "course_topic.reviewed_by_id",
    "credit.given_by_id",
    "credit.person_id",
    "dispute_entry.by_id",
    "door.opened_by_id",
    "education.checked_by_id",
    "education.person_id",
    "endorsed.person_id",
    "enrollment.person_id",
    "evidence.person_id",
    "goal.person_id",
    "hour_entry.added_by_id",
    "hour_entry.checked_by_id",
    "hour_entry.person_id",
    "hour_entry.provider_id",
    "hour_import.person_id",
    "hour_import.read_by_id",
    "interest.person_id",
    "job.person_id",
    "letter_template.changed_by_id",
    "mark.marked_by_id",
    "material.added_by_id",
    "meeting_substitute.person_id",
    "meeting_trainer.person_id",
    "offering.trainer_id",
    "person.merged_into_id",
    "qualification.person_id",
    "recording.by_id",
    "recount.asked_by_id",
    "review.by_id",
    "roster_closing.closed_by_id",
    "roster_closing.reopened_by_id",
    "roster_message.by_id",
    "roster_message_person.person_id",
    "rsc_session.person_id",
    "rsc_session.provider_id",
    "saved_search.person_id",
    "table_import.read_by_id",
    "video_report.read_by_id",
    "video_report.saved_by_id",
}


@pytest.fixture
def people() -> tuple[Person, Person, Person]:
    """Who is kept, who is gone, and who merges."""
    kept, gone = make.person("Ana Sample"), make.person("Ana Sample", county="01101", licence="A 12")
    return kept, gone, make.person("Mira Sample", coordinates=True)


def merge(kept: Person, gone: Person, mira: Person) -> int:
    seen = queries.preview(kept, gone, mira).stand
    return services.merge(kept.id, gone.id, seen, by=mira).id


def test_every_column_that_names_a_person_has_its_rule() -> None:
    keys = {one.key for one in COLUMNS}
    assert keys == MOVES | set(belongings.STAYS), "say in belongings.STAYS or here what a merge does with it"


@pytest.mark.parametrize("column", [one for one in COLUMNS if one.key != KEYS], ids=lambda one: one.key)
def test_a_row_changes_hands_and_comes_back(column: Belonging, people: tuple[Person, Person, Person]) -> None:
    kept, gone, mira = people
    made = _row(column, gone)
    before = database(but=WRITTEN)
    merge_id = merge(kept, gone, mira)
    assert _whose(column, made) in ([kept.id] if column.key in MOVES else [gone.id], [])
    done = queries.merge(merge_id)
    assert done is not None
    services.undo(done, by=mira)
    after = database(but=WRITTEN)
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}


def test_the_keys_of_an_account_are_gone_with_it_and_come_back(people: tuple[Person, Person, Person]) -> None:
    kept, gone, mira = people
    before = _keys_of(gone)
    assert before
    done = queries.merge(merge(kept, gone, mira))
    assert _keys_of(gone) == set()
    assert done is not None
    services.undo(done, by=mira)
    assert _keys_of(gone) == before


def _keys_of(person: Person) -> set[tuple[str, str]]:
    theirs = sa.select(AccountKey.kind, AccountKey.key).where(AccountKey.person_id == person.id)
    return set(db.session.execute(theirs).tuples())


def _row(column: Belonging, gone: Person) -> dict[str, object]:
    given: dict[str, object] = {column.column.name: gone.id}
    if column.key == "not_same.high_id":
        given["low_id"] = db.session.scalar(sa.select(sa.func.min(Person.id)))
    if column.key in ("not_same.low_id", "not_same.said_by_id"):
        given |= {"low_id": gone.id, "high_id": make.person().id}
    if column.key == "hour_entry.checked_by_id":
        given |= {"state": "returned", "checked_at": GIVEN["share_link"]["expires_at"]}
    return row(column.table.name, **given)


def _whose(column: Belonging, made: dict[str, object]) -> list[int]:
    where = [column.table.c[name] == value for name, value in made.items() if name != column.column.name]
    return list(db.session.scalars(sa.select(column.column).where(*where)))
