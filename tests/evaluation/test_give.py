"""Giving an answer: who may, from when, once; and what follows where the certificate waits for it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.courses.models import Asking, Course, Meeting, MeetingKind, OfferingState
from catalog.enrollment import services as enrollment
from catalog.evaluation import queries, services
from catalog.evaluation.models import Evaluation, EvaluationGiven
from catalog.evaluation.refusals import AlreadyGiven, NotToGive
from catalog.extensions import db
from catalog.notices.models import Job
from tests import factories as make
from tests.attendance.sheets import held, mark, mark_all, seat, some_days_ago
from tests.evaluation.answers import GOOD, asked, attended, given
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def cast(context: None) -> Cast:
    return make_cast()


def jobs() -> list[dict[str, int]]:
    return list(db.session.scalars(sa.select(Job.payload).where(Job.kind == "issue_certificates")))


def test_an_answer_is_kept_and_beside_it_that_it_was_given(cast: Cast) -> None:
    offering, (one,) = attended(1, cast.ivo)
    given(offering, [one])
    (answer,) = db.session.scalars(sa.select(Evaluation))
    assert (answer.scales, answer.objectives) == ({"use": 4, "recommend": 5}, {})
    assert (answer.helped, answer.change) == ("The sample films.", "")
    assert db.session.get_one(EvaluationGiven, one.id).given_on == clock.today(offering.zone)


def test_nobody_answers_twice(cast: Cast) -> None:
    offering, (one,) = attended(1, cast.ivo)
    given(offering, [one])
    with pytest.raises(AlreadyGiven):
        services.give(offering, GOOD, by=one.person)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Evaluation)) == 1


def test_whoever_was_taken_off_and_added_again_answers_once(cast: Cast) -> None:
    offering, (one,) = attended(1, cast.ivo)
    given(offering, [one])
    enrollment.remove(one, by=cast.ivo, reason="by mistake")
    back = enrollment.add(one.person, offering, by=cast.ivo)
    mark(offering.meetings[0], back, 180, by=cast.ivo)
    assert queries.to_give(one.person) == []
    with pytest.raises(AlreadyGiven):
        services.give(offering, GOOD, by=one.person)


def test_whoever_was_absent_does_not_answer(cast: Cast) -> None:
    offering = held(asked(), trainer_id=cast.ivo.id)
    seat(offering, "Cleo Sample", by=cast.ivo)
    (one,) = seat(offering, "Dora Sample", by=cast.ivo)
    mark_all(offering, 0, by=cast.ivo)
    with pytest.raises(NotToGive):
        services.give(offering, GOOD, by=one.person)


def test_whoever_left_after_the_first_meeting_answers(cast: Cast) -> None:
    offering = held(asked(), meetings=2, trainer_id=cast.ivo.id)
    (one,) = seat(offering, "Cleo Sample", by=cast.ivo)
    mark(offering.meetings[0], one, 180, by=cast.ivo)
    enrollment.remove(one, by=cast.ivo, reason="moved away")
    given(offering, [one])
    assert db.session.get(EvaluationGiven, one.id)


def test_a_stranger_does_not_answer(cast: Cast) -> None:
    offering, _ = attended(1, cast.ivo)
    with pytest.raises(NotToGive):
        services.give(offering, GOOD, by=cast.otto)


def test_nobody_is_asked_where_the_course_asks_for_nothing(cast: Cast) -> None:
    offering, (one,) = attended(1, cast.ivo, asked(Asking.NONE))
    assert queries.to_give(one.person) == []
    with pytest.raises(NotToGive):
        services.give(offering, GOOD, by=one.person)


def test_it_opens_with_the_end_of_the_last_meeting(cast: Cast) -> None:
    offering = held(asked(), meetings=2, trainer_id=cast.ivo.id)
    (one,) = seat(offering, "Cleo Sample", by=cast.ivo)
    mark_all(offering, by=cast.ivo)
    last = offering.meetings[1].ends_at
    with clock.at(last - timedelta(seconds=1)):
        assert queries.to_give(one.person) == []
        with pytest.raises(NotToGive):
            services.give(offering, GOOD, by=one.person)
    with clock.at(last):
        assert queries.to_give(one.person) == [offering]
        given(offering, [one])


def test_work_of_ones_own_is_not_waited_for(cast: Cast) -> None:
    offering = held(asked(), starts=some_days_ago(2), trainer_id=cast.ivo.id)
    homework = make.meeting(offering, 2, clock.now() + timedelta(days=9), kind=MeetingKind.HOMEWORK)
    offering.ends_at = homework.ends_at
    (one,) = seat(offering, "Cleo Sample", by=cast.ivo)
    mark(offering.meetings[0], one, 180, by=cast.ivo)
    assert queries.opens_at(offering) == offering.meetings[0].ends_at
    assert queries.to_give(one.person) == [offering]


def test_a_session_that_is_only_work_of_ones_own_is_over_with_it(cast: Cast) -> None:
    offering = held(asked(), trainer_id=cast.ivo.id)
    db.session.execute(sa.update(Meeting).values(kind=MeetingKind.PRACTICUM))
    db.session.expire_all()
    (one,) = seat(offering, "Cleo Sample", by=cast.ivo)
    mark_all(offering, by=cast.ivo)
    assert queries.opens_at(offering) == offering.meetings[0].ends_at
    assert queries.to_give(one.person) == [offering]


def test_of_a_session_that_was_called_off_halfway_the_last_meeting_held_counts(cast: Cast) -> None:
    offering = held(asked(), meetings=3, starts=some_days_ago(10), trainer_id=cast.ivo.id)
    (one,) = seat(offering, "Cleo Sample", by=cast.ivo)
    mark(offering.meetings[0], one, 180, by=cast.ivo)
    offering.state = OfferingState.CANCELLED
    offering.cancelled_at = offering.meetings[0].ends_at + timedelta(days=1)
    db.session.flush()
    assert queries.opens_at(offering) == offering.meetings[0].ends_at
    assert queries.to_give(one.person) == [offering]


def test_whoever_teaches_it_does_not_answer_even_with_a_seat(cast: Cast) -> None:
    helper = make.person("Hugo Sample", is_trainer=True)
    offering = held(asked(Asking.BEFORE_CERTIFICATE), trainer_id=cast.ivo.id)
    offering.meetings[0].co_trainers.append(helper)
    own = [enrollment.add(person, offering, by=cast.mira) for person in (cast.ivo, helper)]
    mark_all(offering, by=cast.ivo)
    for one in own:
        assert queries.to_give(one.person) == []
        with pytest.raises(NotToGive):
            services.give(offering, GOOD, by=one.person)
    assert queries.is_missing([one.id for one in own]) == set()


# Where the certificate waits.


def test_a_required_answer_is_missing_until_it_is_given(cast: Cast) -> None:
    offering, (one, two) = attended(2, cast.ivo, asked(Asking.BEFORE_CERTIFICATE))
    assert queries.is_missing([one.id, two.id]) == {one.id, two.id}
    given(offering, [one])
    assert queries.is_missing([one.id, two.id]) == {two.id}
    assert queries.is_missing([]) == set()


@pytest.mark.parametrize("asking", [Asking.NONE, Asking.OPTIONAL])
def test_what_is_not_required_is_never_missing(cast: Cast, asking: Asking) -> None:
    _, (one,) = attended(1, cast.ivo, asked(asking))
    assert queries.is_missing([one.id]) == set()


def test_giving_it_sets_the_certificate_going(cast: Cast) -> None:
    offering, (one,) = attended(1, cast.ivo, asked(Asking.BEFORE_CERTIFICATE))
    assert jobs() == []
    given(offering, [one])
    assert jobs() == [{"offering_id": offering.id}]


def test_where_no_certificate_waits_nothing_is_set_going(cast: Cast) -> None:
    offering, (one,) = attended(1, cast.ivo)
    given(offering, [one])
    assert jobs() == []


def test_a_course_may_say_later_that_it_is_required(cast: Cast) -> None:
    offering, (one,) = attended(1, cast.ivo)
    db.session.execute(sa.update(Course).values(asking=Asking.BEFORE_CERTIFICATE))
    db.session.expire_all()
    assert queries.is_missing([one.id]) == {one.id}
    given(offering, [one])
    assert queries.is_missing([one.id]) == set()
