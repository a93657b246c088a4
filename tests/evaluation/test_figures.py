"""The figures, against ones that were reckoned by hand."""

import pytest

from catalog.evaluation import figures, services
from catalog.evaluation.services import Answers
from catalog.extensions import db
from tests.evaluation.answers import GOOD, attended, given
from tests.factories import Cast, make_cast
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def cast(context: None) -> Cast:
    return make_cast()


@pytest.mark.parametrize(
    ("total", "answers", "said"),
    [
        (0, 0, "–"),
        (5, 1, "5.0"),
        (7, 2, "3.5"),
        (13, 4, "3.3"),
        (14, 3, "4.7"),
        (29, 20, "1.5"),
        (1, 1, "1.0"),
    ],
)
def test_means_have_one_decimal_and_halves_go_up(total: int, answers: int, said: str) -> None:
    assert figures.mean(total, answers) == said


def test_each_question_is_counted_by_itself(cast: Cast) -> None:
    offering, enrolled = attended(6, cast.ivo)
    said = [
        Answers({"use": 5, "recommend": 4}, {"name one person to call": 2}),
        Answers({"use": 5, "recommend": 4}, {"name one person to call": 3}),
        Answers({"use": 4}),
        Answers({"use": 1}),
        Answers({"recommend": 1}, change="A longer break."),
        Answers({"use": 2}),
    ]
    for one, answers in zip(enrolled, said, strict=True):
        services.give(offering, answers, by=one.person)
    found = figures.results(offering, for_trainer=False)
    use, trainer, _, _, recommend = found.scales
    assert (use.counts, use.answers, use.mean) == ({1: 1, 2: 1, 3: 0, 4: 1, 5: 2}, 5, "3.4")
    assert (trainer.answers, trainer.mean, trainer.share(5)) == (0, "–", 0)
    assert (recommend.counts, recommend.mean) == ({1: 1, 2: 0, 3: 0, 4: 2, 5: 0}, "3.0")
    assert (use.share(5), use.share(1), recommend.share(4)) == (40, 20, 66.67)
    stress, call = found.objectives
    assert (stress.answers, call.counts, call.mean) == (0, {1: 0, 2: 1, 3: 1, 4: 0, 5: 0}, "2.5")
    assert found.texts == [
        ("What helped you most?", []),
        ("What should be different next time?", ["A longer break."]),
    ]


def test_objectives_that_were_rated_stay_when_the_course_has_others(cast: Cast) -> None:
    offering, (one,) = attended(1, cast.ivo)
    services.give(offering, Answers(objectives={"name one person to call": 3}), by=one.person)
    offering.course.objectives = "something else\n\n  something   else "
    found = figures.results(offering, for_trainer=False).objectives
    assert [(rating.words, rating.mean) for rating in found] == [
        ("something else", "–"),
        ("name one person to call", "3.0"),
    ]


def test_the_list_says_how_many_answered_and_whether_they_would_recommend_it(cast: Cast) -> None:
    offering, enrolled = attended(4, cast.ivo)
    attended(1, cast.ivo)
    given(offering, enrolled[:2])
    services.give(offering, Answers({"recommend": 2}), by=enrolled[2].person)
    ((row,), pages) = figures.overview(cast.mira, 1)
    assert (row.offering, row.given, row.asked, row.rate, row.mean, pages) == (offering, 3, 4, 75, "4.0", 1)


def test_a_coordinator_who_teaches_it_learns_no_more_from_the_list(cast: Cast) -> None:
    offering, enrolled = attended(6, cast.mira)
    given(offering, enrolled[:4])
    assert figures.overview(cast.mira, 1)[0][0].mean == "–"
    assert figures.overview(cast.ada, 1)[0][0].mean == "5.0"
    given(offering, enrolled[4:5])
    services.give(offering, Answers({"recommend": 1}), by=enrolled[5].person)
    assert figures.overview(cast.mira, 1)[0][0].mean == "5.0"
    assert figures.overview(cast.ada, 1)[0][0].mean == "4.3"


def test_a_long_list_asks_no_more_than_a_short_one(cast: Cast) -> None:
    for _ in range(4):
        offering, enrolled = attended(1, cast.ivo)
        given(offering, enrolled, GOOD)
    db.session.commit()
    with counted() as seen:
        rows, _ = figures.overview(cast.mira, 1)
        assert all(row.offering.course.title for row in rows)
    assert (len(rows), len([one for one in seen if one.startswith("SELECT")])) == (4, 3)
