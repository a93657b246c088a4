"""Before a rule is saved it is said whom it affects; from a day on, it changes nothing for the days before."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies import effects, queries, services
from catalog.competencies.models import Category, Edition, HourRule, Policy, PolicyKind, Purpose
from catalog.competencies.refusals import RulesOverlap
from catalog.endorsement.models import Goal, Recount
from catalog.endorsement.queries import readiness_of
from catalog.endorsement.rules import Verdict
from catalog.extensions import db, writing
from catalog.notices.models import AuditEntry, Job
from tests import factories as make
from tests.competencies.previews import press, save
from tests.endorsement import goals
from tests.endorsement.conftest import Scene
from tests.factories import Cast
from tests.statements import counted


def rule_of(scene: Scene) -> HourRule:
    return db.session.scalars(
        sa.select(HourRule).where(HourRule.category_id == scene.category_id).order_by(HourRule.id)
    ).first() or pytest.fail("no rule")


@pytest.fixture
def mira(cast: Cast, login_as: Callable[[Person], FlaskClient], app: Flask, scene: Scene) -> FlaskClient:
    with app.app_context():
        writing.set(True)
        db.session.add(
            Edition(
                code="test",
                title="A test",
                compiled_on=date(2026, 1, 1),
                loaded_at=clock.now(),
                statements={},
            )
        )
        db.session.commit()
    return login_as(cast.mira)


def url(app: Flask, scene: Scene) -> str:
    with app.app_context():
        return f"/framework/rules/{rule_of(scene).id}"


TYPED = {"seen": "test", "minutes": "2", "is_enabled": "y", "confidence": "confirmed"}


def test_those_who_are_affected_are_named_with_both_standings(
    app: Flask, mira: FlaskClient, scene: Scene
) -> None:
    page = mira.post(url(app, scene), data=TYPED).text
    assert "1 person works toward it or holds it." in page
    assert "For 1 of them the standing changes" in page
    assert '<th scope="row">Ana Sample, Infant Family Specialist</th>' in page
    assert '<td data-label="Now">Training hours: 3 h of 30 h, not yet</td>' in page
    assert '<td data-label="Then">Training hours: 3 h of 2 h, met</td>' in page


def test_looking_changes_nothing(app: Flask, mira: FlaskClient, scene: Scene) -> None:
    mira.post(url(app, scene), data=TYPED)
    with app.app_context():
        assert rule_of(scene).minutes == 1800
        for model in (Recount, Job, AuditEntry):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_a_figure_that_decides_nothing_affects_nobody(app: Flask, mira: FlaskClient, scene: Scene) -> None:
    page = mira.post(url(app, scene), data={**TYPED, "minutes": "30", "note": "Read again"}).text
    assert "Nobody’s standing changes" in page


def test_a_rule_of_another_category_affects_nobody(app: Flask, mira: FlaskClient, scene: Scene) -> None:
    with app.app_context():
        writing.set(True)
        other = goals.rule(make.category("IFA"), 30)
        db.session.commit()
        address = f"/framework/rules/{other.id}"
    assert "Nobody works toward it or holds it" in mira.post(address, data=TYPED).text


def test_what_begins_later_is_reckoned_for_the_day_it_begins(
    app: Flask, mira: FlaskClient, scene: Scene
) -> None:
    begins = clock.now().date() + timedelta(days=100)
    typed = {"seen": "test", "minutes": "2", "begins_on": begins.isoformat()}
    page = mira.post(url(app, scene) + "/from", data=typed).text
    assert f"as on {begins:%a} {begins.day} {begins:%b %Y}, the first day on which it says" in page
    assert "For 1 of them the standing changes" in page


def test_a_rule_that_is_over_affects_nobody(app: Flask, mira: FlaskClient, scene: Scene) -> None:
    with app.app_context():
        writing.set(True)
        rule_of(scene).effective_until = clock.now().date() - timedelta(days=2)
        db.session.commit()
        until = rule_of(scene).effective_until
    page = mira.post(url(app, scene), data={**TYPED, "effective_until": str(until)}).text
    assert "Nobody’s standing changes" in page


def test_saving_asks_for_a_recount_in_the_same_transaction(
    app: Flask, cast: Cast, mira: FlaskClient, scene: Scene
) -> None:
    assert save(mira, url(app, scene), **TYPED).status_code == 303
    with app.app_context():
        recount = db.session.scalars(sa.select(Recount)).one()
        job = db.session.scalars(sa.select(Job).order_by(Job.id)).one()
        assert (recount.total, recount.asked_by_id) == (1, cast.mira.id)
        assert recount.why == "A rule of Infant Family Specialist"
        assert job.payload == {
            "recount_id": recount.id,
            "category_ids": [scene.category_id],
            "reached": 0,
        }


def test_a_refused_rule_asks_for_none(app: Flask, cast: Cast, mira: FlaskClient, scene: Scene) -> None:
    page = mira.post(url(app, scene), data=TYPED)
    with app.app_context():
        writing.set(True)
        services.edit_rule(rule_of(scene), {"note": "x"}, by=cast.ada)
        db.session.commit()
    assert press(mira, page, "save").status_code == 409
    with app.app_context():
        assert db.session.scalars(sa.select(Recount)).all() == []


def test_while_it_runs_coordinators_see_it_on_the_framework(
    app: Flask, cast: Cast, login_as: Callable[[Person], FlaskClient], mira: FlaskClient, scene: Scene
) -> None:
    save(mira, url(app, scene), **TYPED)
    assert "Everybody’s standing is being worked out again, 0 of 1" in mira.get("/framework").text
    assert "being worked out again" not in login_as(cast.ana).get("/framework").text


def test_a_policy_for_every_category_affects_those_who_hold_one(
    app: Flask, cast: Cast, mira: FlaskClient, scene: Scene
) -> None:
    with app.app_context():
        writing.set(True)
        category = queries.categories()[0]
        ivo = db.session.get_one(Person, cast.ivo.id)
        goals.endorsed(ivo, category, valid_until=date(2026, 12, 31))
        cycle = goals.policy(PolicyKind.CYCLE, {"months": 12, "deadline": "12-31"})
        db.session.commit()
        number = cycle.id
    typed = {"seen": "test", "months": "36", "month": "12", "day": "31", "is_enabled": "y", "category_id": ""}
    page = mira.post(f"/framework/policies/{number}", data=typed).text
    assert "2 people work toward it or hold it." in page
    assert "Ivo Sample, renewal of Infant Family Specialist" in page
    assert "counted from Wed 1 May 2024" in page


def test_yesterdays_standing_stays_as_it_was(app: Flask, cast: Cast, scene: Scene) -> None:
    """From today on 2 hours are enough; for every day before, 30 are asked."""
    today = clock.now().date()
    with app.app_context():
        writing.set(True)
        db.session.add(
            Edition(code="test", title="x", compiled_on=today, loaded_at=clock.now(), statements={})
        )
        goal = db.session.get_one(Goal, scene.goal_id)

        def standing(on: date) -> dict[str, object]:
            return readiness_of([goal], clock.now(), on)[goal.id].summary()

        days = [today - timedelta(days=back) for back in (1, 2, 30)]
        before, before_today = [standing(day) for day in days], standing(today)
        services.begin(rule_of(scene), today, {"minutes": 120}, by=cast.mira)
        db.session.flush()
        assert [standing(day) for day in days] == before
        after = readiness_of([goal], clock.now(), today)[goal.id]
        assert after.summary() != before_today
        assert after.checks[0].verdict == Verdict.MET


def test_a_policy_from_a_day_on_leaves_the_days_before(app: Flask, cast: Cast, scene: Scene) -> None:
    today = clock.now().date()
    with app.app_context():
        writing.set(True)
        db.session.add(
            Edition(code="test", title="x", compiled_on=today, loaded_at=clock.now(), statements={})
        )
        policy = goals.policy(PolicyKind.SOURCES, {"most_providers": 2, "main_percent": 50})
        services.begin(policy, today, {"facts": {"most_providers": 1, "main_percent": 0}}, by=cast.mira)
        book = queries.rulebook(queries.categories()[0])
        found = [book.sources_on(day) for day in (today - timedelta(days=1), today)]
        assert [one.most_providers if one else None for one in found] == [2, 1]
        assert [one.effective_until for one in db.session.scalars(sa.select(Policy).order_by(Policy.id))] == [
            today - timedelta(days=1),
            None,
        ]


def test_the_day_that_is_looked_at_is_the_first_one_that_changes() -> None:
    today = date(2027, 1, 10)
    old = {"minutes": 60, "effective_from": None, "effective_until": None, "is_enabled": True}
    first = services.first_day_changed
    assert first(old, {**old, "minutes": 90}, today) == today
    assert first(old, {**old, "effective_until": date(2027, 3, 31)}, today) == date(2027, 4, 1)
    assert first(None, {**old, "effective_from": date(2027, 5, 1)}, today) == date(2027, 5, 1)
    assert first(old, {**old, "effective_from": date(2026, 5, 1)}, today) == today
    assert first(old, {**old, "is_enabled": False}, today) == today
    late = {**old, "effective_from": date(2027, 6, 1)}
    assert first(late, {**late, "minutes": 90}, today) == date(2027, 6, 1)
    assert first(late, {**late, "effective_from": date(2027, 2, 1)}, today) == date(2027, 2, 1)


def test_however_many_there_are_the_questions_are_as_many(app: Flask, cast: Cast, scene: Scene) -> None:
    def asked() -> int:
        with app.app_context():
            writing.set(True)
            with counted() as seen:
                effects.of({scene.category_id}, date(2027, 1, 1), lambda: None)
            return len(seen)

    few = asked()
    with app.app_context():
        writing.set(True)
        category = queries.categories()[0]
        for number in range(20):
            goals.goal(make.person(f"Person{number} Sample"), category)
        db.session.commit()
    assert asked() == few


def test_those_who_left_a_goal_aside_are_not_affected(app: Flask, mira: FlaskClient, scene: Scene) -> None:
    with app.app_context():
        writing.set(True)
        goal = db.session.get_one(Goal, scene.goal_id)
        goal.dropped_at = clock.now()
        db.session.commit()
    assert "Nobody works toward it" in mira.post(url(app, scene), data=TYPED).text


def test_rules_are_for_first_and_for_renewal(app: Flask, mira: FlaskClient, scene: Scene) -> None:
    page = mira.post(url(app, scene), data={**TYPED, "purpose": Purpose.RENEWAL.value}).text
    assert '<td data-label="Then">not asked</td>' in page


def test_the_trial_is_taken_back_even_when_it_is_refused(app: Flask, cast: Cast, scene: Scene) -> None:
    with app.app_context():
        writing.set(True)
        rule = rule_of(scene)

        def change() -> None:
            rule.minutes = 1

        def refused() -> None:
            change()
            db.session.flush()
            raise RulesOverlap

        effects.of(None, clock.now().date(), change)
        assert rule.minutes == 1800
        with pytest.raises(RulesOverlap):
            effects.of(None, clock.now().date(), refused)
        assert rule.minutes == 1800


def test_whoever_comes_in_between_is_left_out(app: Flask, cast: Cast, scene: Scene) -> None:
    """Another transaction may write down a goal between the two looks."""
    with app.app_context():
        writing.set(True)
        otto = db.session.get_one(Person, cast.otto.id)
        category = db.session.get_one(Category, scene.category_id)
        found = effects.of([category.id], clock.now().date(), lambda: goals.goal(otto, category))
        assert found.lines == []
