"""How far everybody is, as the worker reckons it: what the goal's own page says, of everybody, in runs."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog import clock
from catalog.endorsement import queries as endorsement
from catalog.extensions import db
from catalog.notices.models import Job
from catalog.reports.standings import reading, reckoning
from catalog.reports.standings.models import GoalStanding, RenewalStanding, StandingRun, TopicGap
from catalog.reports.standings.steps import lack_of, share_of, step_of
from tests import factories as make
from tests.endorsement import goals
from tests.reports import crowd
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reckoning, "BATCH", 4)


@pytest.mark.parametrize("seed", range(3))
def test_each_goal_stands_as_its_own_page_says(seed: int) -> None:
    crowd.made(seed)
    crowd.reckon()
    rows = {row.goal_id: row for row in db.session.scalars(sa.select(GoalStanding))}
    assert set(rows) == {goal.id for goal in crowd.open_goals()}
    for goal in crowd.open_goals():
        found = endorsement.standing(goal, clock.now()).readiness
        row = rows[goal.id]
        assert reckoning.unlisted(row.missing) == [topic.id for topic in found.missing]
        assert (row.step, row.percent) == (step_of(found), int(100 * share_of(found)))
        assert (row.person_id, row.county) == (goal.person_id, goal.person.county or "")


@pytest.mark.parametrize("seed", range(3))
def test_a_gap_counts_each_person_once(seed: int) -> None:
    crowd.made(seed)
    crowd.reckon()
    people = crowd.missing_by_person().values()
    plainly = Counter((topic, county) for county, topics in people for topic in topics)
    rows = db.session.scalars(sa.select(TopicGap))
    assert {(row.topic_id, row.county): row.people for row in rows} == plainly


@pytest.mark.parametrize("seed", range(3))
def test_each_renewal_lacks_what_its_own_page_says(seed: int) -> None:
    crowd.made(seed, people=25)
    crowd.reckon()
    rows = {row.endorsed_id: row for row in db.session.scalars(sa.select(RenewalStanding))}
    assert set(rows) == {one.id for one in crowd.held()}
    for one in crowd.held():
        lack = lack_of(endorsement.renewal_of(one, clock.now()).renewal)
        row = rows[one.id]
        assert (row.lacks_training, row.lacks_rsc, row.lacks_membership, row.lacking) == lack


def test_a_run_that_is_broken_off_leaves_the_one_before() -> None:
    crowd.made(1)
    crowd.reckon()
    before = reading.last_run()
    reckoning.begin(clock.now(), crowd.today())
    payload = crowd.unfinished()
    assert before
    assert payload
    reckoning.reckon_batch(payload)
    found = reading.last_run()
    assert found is not None
    assert found.id == before.id
    assert reading.goals(found, ()) == reading.goals(before, ())


def test_another_worker_goes_on_where_one_was_killed() -> None:
    crowd.made(1)
    reckoning.begin(clock.now(), crowd.today())
    first = crowd.unfinished()
    assert first
    reckoning.reckon_batch(first)
    db.session.commit()
    # What the killed one had written and not committed is gone; the job is leased again.
    second = crowd.unfinished()
    assert second
    reckoning.reckon_batch(second)
    db.session.rollback()
    while payload := crowd.unfinished():
        reckoning.reckon_batch(payload)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(GoalStanding)) == len(crowd.open_goals())


def test_a_batch_that_was_done_is_not_done_twice() -> None:
    crowd.made(1)
    reckoning.begin(clock.now(), crowd.today())
    first = crowd.unfinished()
    assert first
    reckoning.reckon_batch(first)
    rows = sa.select(sa.func.count()).select_from(GoalStanding)
    before = db.session.scalar(rows)
    reckoning.reckon_batch(first)
    assert db.session.scalar(rows) == before


def test_a_second_run_waits_for_the_first_but_not_for_ever() -> None:
    reckoning.begin(clock.now(), crowd.today())
    reckoning.begin(clock.now(), crowd.today())
    runs = sa.select(sa.func.count()).select_from(StandingRun)
    assert db.session.scalar(runs) == 1
    later = clock.now() + timedelta(hours=7)
    reckoning.begin(later, later.date())
    assert db.session.scalar(runs) == 2


def test_the_rows_of_earlier_runs_are_forgotten() -> None:
    crowd.made(1)
    for _ in range(3):
        crowd.reckon()
    kept = set(db.session.scalars(sa.select(StandingRun.id)))
    assert len(kept) == 2
    assert set(db.session.scalars(sa.select(GoalStanding.run_id))) == kept


def test_asking_often_within_a_minute_begins_once() -> None:
    with clock.at(clock.now().replace(second=0)):
        reckoning.ask()
        reckoning.ask()
    assert len(db.session.scalars(sa.select(Job).where(Job.kind == "standings")).all()) == 1


def test_a_batch_takes_as_many_statements_whoever_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reckoning, "BATCH", 100)
    crowd.made(1, people=10)
    few = _statements_of_a_batch()
    for category in crowd.categories().values():
        for _ in range(20):
            goals.goal(make.person(), category)
    assert _statements_of_a_batch() == few


def _statements_of_a_batch() -> int:
    run = StandingRun(at=clock.now(), today=crowd.today())
    db.session.add(run)
    db.session.commit()
    with counted() as seen:
        reckoning.reckon_batch({"run_id": run.id, "from": [False, 0]})
    return len(seen)
