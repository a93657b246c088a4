"""Choosing what one works toward, leaving it aside, taking it up again, and the checklist beside it."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.endorsement.models import Goal
from catalog.extensions import db, writing
from tests import factories as make
from tests.endorsement.conftest import Scene
from tests.factories import Cast
from tests.statements import counted

LoginAs = Callable[[Person], FlaskClient]


def category_id(app: Flask, code: str = "IFA", **fields: object) -> int:
    with app.app_context():
        writing.set(True)
        made = make.category(code, **fields)  # type: ignore[arg-type]
        db.session.commit()
        return made.id


def goals(app: Flask, person: Person) -> list[Goal]:
    with app.app_context():
        return list(db.session.scalars(db.select(Goal).where(Goal.person_id == person.id)))


def test_choosing_a_category_makes_it_a_goal(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number = category_id(app)
    answer = login_as(cast.ana).post("/goal", data={"category_id": number})
    (goal,) = goals(app, cast.ana)
    assert (answer.status_code, answer.location) == (303, f"/goal/{goal.id}")


def test_several_at_once_in_both_age_bands(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    client = login_as(cast.ana)
    for code in ("IFS", "ECFS"):
        client.post("/goal", data={"category_id": category_id(app, code)})
    assert len(goals(app, cast.ana)) == 2
    assert client.get("/goal").text.count('<li class="card">') == 2


def test_choosing_nothing_is_said_beside_the_field(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    category_id(app)
    answer = login_as(cast.ana).post("/goal", data={"category_id": ""})
    assert answer.status_code == 422
    assert "Choose a category." in answer.text


def test_a_category_that_is_no_more_cannot_be_chosen(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number = category_id(app, "IFRS", is_current=False)
    assert login_as(cast.ana).post("/goal", data={"category_id": number}).status_code == 422
    assert goals(app, cast.ana) == []


def test_the_same_twice_is_refused_and_is_there_once(app: Flask, cast: Cast, login_as: LoginAs) -> None:
    number, client = category_id(app), login_as(cast.ana)
    client.post("/goal", data={"category_id": number})
    assert client.post("/goal", data={"category_id": number}).status_code == 422
    assert len(goals(app, cast.ana)) == 1


def test_what_was_left_aside_comes_back_as_it_was(
    app: Flask, cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    client = login_as(cast.ana)
    client.post(f"/goal/{scene.goal_id}/checklist", data={"done": "membership"})
    client.post(f"/goal/{scene.goal_id}/drop")
    assert "Take it up again" in client.get("/goal").text
    client.post("/goal", data={"category_id": scene.category_id})
    (goal,) = goals(app, cast.ana)
    assert (goal.id, goal.dropped_at, list(goal.ticks)) == (scene.goal_id, None, ["membership"])


def test_the_checklist_keeps_what_is_ticked_and_no_other_word(
    app: Flask, cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    url = f"/goal/{scene.goal_id}/checklist"
    login_as(cast.ana).post(url, data={"done": ["membership", "nonsense"]})
    assert list(goals(app, cast.ana)[0].ticks) == ["membership"]


def test_a_tick_keeps_its_first_day(app: Flask, cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    with app.app_context():
        writing.set(True)
        db.session.get_one(Goal, scene.goal_id).ticks = {"membership": "2026-01-02"}
        db.session.commit()
    login_as(cast.ana).post(f"/goal/{scene.goal_id}/checklist", data={"done": "membership"})
    assert goals(app, cast.ana)[0].ticks == {"membership": "2026-01-02"}


def test_htmx_gets_the_checklist_alone(
    cast: Cast, scene: Scene, login_as: LoginAs, htmx: dict[str, str]
) -> None:
    url = f"/goal/{scene.goal_id}/checklist"
    answer = login_as(cast.ana).post(url, data={"done": "membership"}, headers=htmx)
    assert answer.text.lstrip().startswith('<section class="section" id="checklist"')
    assert "1 of 1 ticked" in answer.text


def test_nobody_changes_the_goal_of_another(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    for person in (cast.otto, cast.mira):
        for what in ("checklist", "drop"):
            assert login_as(person).post(f"/goal/{scene.goal_id}/{what}").status_code == 404


def test_nothing_changes_on_get(cast: Cast, scene: Scene, login_as: LoginAs) -> None:
    for what in ("checklist", "drop"):
        assert login_as(cast.ana).get(f"/goal/{scene.goal_id}/{what}").status_code == 405


def test_a_coordinator_reads_the_goals_of_a_person_and_nobody_else_does(
    cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    url = f"/people/{cast.ana.id}/goals"
    assert f'href="/goal/{scene.goal_id}"' in login_as(cast.mira).get(url).text
    assert [login_as(person).get(url).status_code for person in (cast.ana, cast.ivo)] == [403, 403]
    assert login_as(cast.mira).get("/people/99999/goals").status_code == 404


def test_a_second_goal_reads_the_ledgers_no_second_time(
    app: Flask, cast: Cast, scene: Scene, login_as: LoginAs
) -> None:
    client = login_as(cast.ana)

    def cost() -> int:
        client.get("/goal")
        with counted() as seen:
            client.get("/goal")
        return sum("hour_entry" in statement for statement in seen)

    one = cost()
    client.post("/goal", data={"category_id": category_id(app)})
    assert cost() == one == 1
