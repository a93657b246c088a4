"""Finding courses by words, on whichever database the tests run on."""

import pytest
import sqlalchemy as sa

from catalog.courses import search
from catalog.courses.models import Course
from catalog.extensions import db
from tests import factories as make

pytestmark = pytest.mark.usefixtures("context")


def found(text: str) -> list[str]:
    """Titles that match, best first."""
    select = search.matching(text)
    assert select is not None
    hits = select.subquery()
    query = sa.select(Course.title).join(hits, hits.c.course_id == Course.id).order_by(hits.c.rank, Course.id)
    return list(db.session.scalars(query))


def indexed(title: str, **fields: object) -> Course:
    course = make.course(title, **fields)  # type: ignore[arg-type]
    search.index(course)
    return course


@pytest.mark.parametrize(
    "text", ["attachments", "ATTACHMENT", "attaching", "early attachment", "  attachment!  "]
)
def test_word_endings_capitals_and_order_are_forgiven(text: str) -> None:
    indexed("Attachment in the early years")
    assert found(text) == ["Attachment in the early years"]


@pytest.mark.parametrize("text", ["niñez", "ninez", "NIÑEZ", "nin"])
def test_accents_are_forgiven_both_ways(text: str) -> None:
    indexed("La niñez temprana")
    assert found(text) == ["La niñez temprana"]


def test_an_accent_typed_finds_a_word_written_without() -> None:
    indexed("The Malmo study")
    assert found("Malmö") == ["The Malmo study"]


def test_every_beginning_of_the_last_word_finds_it() -> None:
    indexed("Reflective supervision and attachment")
    for length in range(1, len("attachment") + 1):
        assert found("supervisions " + "attachment"[:length]), "attachment"[:length]


def test_every_word_must_be_there() -> None:
    indexed("Attachment and loss")
    assert found("attachment bridges") == []


def test_grammar_words_do_not_narrow_a_search_but_can_be_searched() -> None:
    indexed("Training home visitors")
    assert found("training for the home visitor") == ["Training home visitors"]
    assert found("the") == []


HOSTILE = [
    *('"', "'", 'foo"bar', "AND", "OR NOT", "NEAR(a b)", "title:attachment", "(", ")", "a*b", "^", "-", "\\"),
    *(
        "a & | ! b",
        "a:*",
        "\x00",
        "%_",
        "x" * 5000,
        "²",
        "🙂 smile",
        "'; DROP TABLE course;--",
        "<->",
        "word " * 400,
    ),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_can_be_typed_raises(text: str) -> None:
    indexed("Zebra")
    hits = search.matching(text)
    assert hits is None or db.session.execute(hits).all() == []


def test_a_text_without_a_word_matches_nothing_in_particular() -> None:
    assert search.matching(" -- ") is None


def test_a_title_fits_better_than_a_provider_and_that_better_than_a_summary() -> None:
    indexed("Three", summary="All about attachment and more of it.")
    indexed("Two", provider="Attachment Network of Samples")
    indexed("Attachment one")
    assert found("attachment") == ["Attachment one", "Two", "Three"]


def test_slashes_hyphens_and_apostrophes_divide_words() -> None:
    indexed("Infant/toddler children's IMH-E overview")
    for text in ("toddler", "infant", "imh", "child", "IMH-E", "children's"):
        assert found(text), text


def test_areas_topics_trainers_places_and_counties_are_searched() -> None:
    course = make.course("Plain", topics=("TF.attachment",), trainer_names="Berta Sample", audience="nurses")
    make.offering(course, county="01109", place="Ivy library", trainer_id=make.person("Carlo Sample").id)
    search.index(course)
    for text in (
        "area TF",
        "topic TF attachment",
        "berta",
        "carlo",
        "pike county",
        "ivy",
        "nurse",
        "in-service",
    ):
        assert found(text) == ["Plain"], text


def test_a_changed_course_is_found_by_its_new_words_only() -> None:
    course = indexed("Old name")
    course.title = "Fresh title"
    search.index(course)
    assert found("fresh") == ["Fresh title"]
    assert found("old") == []


def test_a_deleted_course_leaves_no_document() -> None:
    course = indexed("Goes away")
    db.session.execute(sa.delete(Course).where(Course.id == course.id))
    documents = sa.select(sa.func.count()).select_from(sa.table("course_search"))
    assert db.session.scalar(documents) == 0
    assert found("goes") == []


def test_reindexing_all_is_the_same_as_indexing_each() -> None:
    make.course("Attachment", topics=("TF.attachment",))
    make.course("Bridges")
    search.reindex_all()
    search.reindex_all()
    assert found("attachment") == ["Attachment"]
    assert found("bridge") == ["Bridges"]
