"""The pipeline and the renewals equal what one finds goal by goal and renewal by renewal."""

from collections import Counter
from datetime import date

import pytest

from catalog import clock
from catalog.endorsement import queries as endorsement
from catalog.endorsement.rules import Renewal
from catalog.extensions import db
from catalog.reports import masking
from catalog.reports.frame import TOTAL, Asked, Hidden, Question, Which
from catalog.reports.period import Period
from catalog.reports.questions import pipeline, renewal
from catalog.reports.standings.steps import lack_of, step_of
from tests import factories as make
from tests.endorsement import goals
from tests.reports import crowd
from tests.reports.world import table
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")
PLACES = ((), ("01101",), ("01051", "13121"))


@pytest.fixture(params=range(3))
def seed(request: pytest.FixtureRequest) -> int:
    crowd.made(request.param, people=20)
    crowd.reckon()
    return int(request.param)


def this_year(counties: tuple[str, ...] = ()) -> Asked:
    year = crowd.today().year
    return Asked(Period(date(year, 1, 1), date(year, 12, 31)), counties)


def shown(question: Question, asked: Asked, key: str) -> Counter[tuple[str, str]]:
    found = table(question.answer(asked), key)
    lines = [*found.lines, *([found.total] if found.total else [])]
    return +Counter(
        {
            (line.key, column.key): int(figure)  # type: ignore[arg-type]
            for line in lines
            for column, figure in zip(found.columns, line.figures, strict=True)
        }
    )


def test_the_pipeline_equals_a_plain_recount(seed: int) -> None:
    for counties in PLACES:
        of = {"categories": Counter[tuple[str, str]](), "counties": Counter[tuple[str, str]]()}
        for goal in crowd.open_goals():
            county = goal.person.county or ""
            if counties and county not in counties:
                continue
            step = pipeline.KEYS[step_of(endorsement.standing(goal, clock.now()).readiness)]
            for column in (step, "all"):
                for line in (goal.category.code, TOTAL):
                    of["categories"][line, column] += 1
                for line in (county or "none", TOTAL):
                    of["counties"][line, column] += 1
        for key, plainly in of.items():
            assert shown(pipeline.QUESTION, this_year(counties), key) == plainly


def columns_of(found: Renewal) -> set[str]:
    lack = lack_of(found)
    is_complete = found.is_complete
    assert is_complete == (not lack.said)
    return {
        "due",
        "complete" if is_complete else "at-risk",
        *(name for name in ("training", "rsc", "membership") if getattr(lack, name)),
    }


def test_renewals_equal_a_plain_recount(seed: int) -> None:
    for counties in PLACES:
        asked = this_year(counties)
        plainly = Counter[tuple[str, str, str]]()
        for one in crowd.held():
            county = one.person.county or ""
            if not asked.period.holds(one.valid_until) or (counties and county not in counties):
                continue
            for column in columns_of(endorsement.renewal_of(one, clock.now()).renewal):
                is_lack = column in ("training", "rsc", "membership")
                for line in (one.category.code, TOTAL):
                    plainly["lacks" if is_lack else "categories", line, column] += 1
                for line in (county or "none", TOTAL):
                    plainly["counties", line, column] += not is_lack
        for key in ("categories", "lacks", "counties"):
            wanted = {place[1:]: many for place, many in (+plainly).items() if place[0] == key}
            assert shown(renewal.QUESTION, asked, key) == wanted


@pytest.mark.parametrize("question", [pipeline.QUESTION, renewal.QUESTION])
def test_each_figure_has_its_rows(question: Question) -> None:
    crowd.made(1, people=20)
    crowd.reckon()
    for counties in PLACES:
        for of in question.answer(this_year(counties)).tables:
            for (line, column), figure in shown(question, this_year(counties), of.key).items():
                found = question.behind(this_year(counties), Which(of.key, line, column), 1)
                assert found is not None
                assert found.in_all == len(found.rows) == figure


@pytest.mark.parametrize("question", [pipeline.QUESTION, renewal.QUESTION])
@pytest.mark.parametrize(
    "which", [("nothing", TOTAL, "all"), ("categories", "NO", "all"), ("categories", TOTAL, "nothing")]
)
def test_no_rows_where_there_is_no_such_figure(question: Question, which: tuple[str, str, str]) -> None:
    assert question.behind(this_year(), Which(*which), 1) is None
    crowd.reckon()
    assert question.behind(this_year(), Which(*which), 1) is None


def test_what_is_missing_is_said_with_the_name() -> None:
    category = make.category("IFS")
    goals.rule(category, 15, purpose="renewal")
    person = make.person("Nia Sample")
    goals.endorsed(person, category, valid_until=date(crowd.today().year, 12, 31))
    crowd.reckon()
    found = renewal.QUESTION.behind(this_year(), Which("lacks", "IFS", "training"), 1)
    assert found
    assert found.rows[0][0].value == "Nia Sample"
    assert "15 h of 15 h training" in str(found.rows[0][-1].value)


@pytest.mark.parametrize("question", [pipeline.QUESTION, renewal.QUESTION])
def test_small_counts_are_hidden(question: Question) -> None:
    category = make.category("IFS")
    goals.rule(category, 30)
    for number in range(2):
        person = make.person(f"Person{number} Sample")
        goals.goal(person, category)
        goals.endorsed(person, category, valid_until=date(crowd.today().year, 12, 31))
    crowd.reckon()
    for of in masking.masked(question.answer(this_year())).tables:
        assert not any(figure in (1, 2, 3, 4) for line in of.lines for figure in line.figures)
        assert of.key == "lacks" or Hidden.SMALL in of.lines[0].figures


@pytest.mark.parametrize("question", [pipeline.QUESTION, renewal.QUESTION])
def test_an_answer_takes_as_many_statements_whoever_there_is(question: Question) -> None:
    crowd.made(1)
    few = _statements(question)
    for category in crowd.categories().values():
        for _ in range(20):
            goals.goal(make.person(county="01001"), category)
    assert _statements(question) == few


def _statements(question: Question) -> int:
    crowd.reckon()
    db.session.commit()
    with counted() as seen:
        question.answer(this_year())
    return len(seen)
