"""Nobody can say who said what: not from a page, not from a row, not from what is written beside it."""

import secrets
from collections.abc import Iterable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from catalog.courses.models import Asking, Offering
from catalog.evaluation import figures, services
from catalog.evaluation.models import Evaluation, EvaluationGiven
from catalog.evaluation.services import Answers
from catalog.extensions import db
from catalog.notices.models import AuditEntry, Job
from tests.evaluation.answers import GOOD, asked, attended, given
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def cast(context: None) -> Cast:
    return make_cast()


def texts(offering: Offering, *, for_trainer: bool = False) -> list[str]:
    return figures.results(offering, for_trainer=for_trainer).texts[0][1]


def notes() -> list[str]:
    return [f"{row.action} {row.details}" for row in db.session.scalars(sa.select(AuditEntry))]


def values(rows: Iterable[Evaluation]) -> set[object]:
    """Whatever could join two tables."""
    return {getattr(row, name) for row in rows for name in ("key", "helped", "change")}


def test_an_answer_leads_to_a_session_and_to_nobody() -> None:
    columns = Evaluation.__table__.c
    assert {key.column.table.name for column in columns for key in column.foreign_keys} == {"offering"}
    assert not any(isinstance(column.type, sa.DateTime | sa.Date) for column in columns)
    assert {key.target_fullname for key in EvaluationGiven.__table__.foreign_keys} == {"enrollment.id"}
    assert set(EvaluationGiven.__table__.c.keys()) == {"enrollment_id", "given_on"}


def test_the_rows_are_not_numbered_as_they_come() -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("rows have no such numbers there")
    with pytest.raises(sa.exc.OperationalError, match="no such column: rowid"):
        db.session.execute(sa.text("SELECT rowid FROM evaluation"))


def test_nothing_is_written_down_about_it(cast: Cast) -> None:
    offering, enrolled = attended(2, cast.ivo, asked(Asking.BEFORE_CERTIFICATE))
    before = notes()
    given(offering, enrolled)
    assert notes() == before
    found = list(db.session.scalars(sa.select(Evaluation)))
    said = [str(job.payload) for job in db.session.scalars(sa.select(Job).order_by(Job.id))]
    assert not [text for text in said if any(str(value) in text for value in values(found) if value)]


def test_texts_stand_in_no_order_of_time(cast: Cast) -> None:
    offering, enrolled = attended(12, cast.ivo)
    for number, one in enumerate(enrolled):
        services.give(offering, Answers(helped=f"{number:02}", change=f"{number:02}"), by=one.person)
    (_, helped), (_, change) = figures.results(offering, for_trainer=False).texts
    assert sorted(helped) == sorted(change) == [f"{number:02}" for number in range(12)]
    assert helped != sorted(helped)
    assert helped != change
    assert texts(offering) == helped


def test_trainers_see_nothing_below_five(cast: Cast) -> None:
    offering, enrolled = attended(5, cast.ivo)
    given(offering, enrolled[:4])
    found = figures.results(offering, for_trainer=True)
    assert (found.given, found.asked, found.shown) == (4, 5, 0)
    assert texts(offering, for_trainer=True) == []
    assert all(rating.answers == 0 for rating in (*found.scales, *found.objectives))
    given(offering, enrolled[4:])
    assert len(texts(offering, for_trainer=True)) == 5


def test_trainers_cannot_subtract_five_answers_from_six(cast: Cast) -> None:
    offering, enrolled = attended(10, cast.ivo)
    given(offering, enrolled[:5])
    first = figures.results(offering, for_trainer=True)
    sour = Answers(scales={"use": 1, "recommend": 1}, helped="Nothing.")
    for count, one in enumerate(enrolled[5:9], start=6):
        services.give(offering, sour, by=one.person)
        now = figures.results(offering, for_trainer=True)
        assert (now.given, now.shown, now.scales, now.texts) == (count, 5, first.scales, first.texts)
    services.give(offering, sour, by=enrolled[9].person)
    assert figures.results(offering, for_trainer=True).shown == 10


def test_coordinators_see_them_at_any_time(cast: Cast) -> None:
    offering, enrolled = attended(3, cast.ivo)
    given(offering, enrolled[:1])
    assert figures.results(offering, for_trainer=False).shown == 1


def test_the_answers_of_another_session_do_not_count(cast: Cast) -> None:
    course = asked()
    (one, here), (other, there) = (attended(3, cast.ivo, course) for _ in range(2))
    given(one, here)
    given(other, there)
    assert figures.results(one, for_trainer=True).shown == 0
    assert figures.results(one, for_trainer=False).shown == 3


def test_an_error_does_not_say_what_was_answered(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log holds errors with their time, and the server's log who asked for which page at that time."""
    offering, (one, two) = attended(2, cast.ivo)
    monkeypatch.setattr(secrets, "token_hex", lambda _size: "always the same")
    given(offering, [one])
    with pytest.raises(StatementError) as caught:
        services.give(offering, GOOD, by=two.person)
    assert "sample films" not in str(caught.value)
