"""Late, early, or so many minutes: the two ways to say that somebody was there in part."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.attendance import services
from catalog.attendance.models import Mark, Recording
from catalog.attendance.sheet import Cell
from catalog.courses.models import Meeting
from catalog.extensions import db
from tests.attendance import sheets
from tests.attendance.sheets import Scene
from tests.factories import Cast

LoginAs = Callable[[Person], FlaskClient]


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    return sheets.scene(app, cast)


def typed(scene: Scene, **figures: str) -> dict[str, str]:
    return {f"mark-{scene.ana}": "minutes", **{f"{name}-{scene.ana}": text for name, text in figures.items()}}


def saved(scene: Scene) -> tuple[int, timedelta | None, timedelta | None]:
    """Minutes, how late and how early."""
    with sheets.inside(scene.app):
        mark = db.session.scalars(sa.select(Mark)).one()
        meeting = db.session.get_one(Meeting, scene.meeting_id)
        late = mark.came_at - meeting.starts_at if mark.came_at else None
        early = meeting.ends_at - mark.left_at if mark.left_at else None
        return mark.minutes, late, early


def came(scene: Scene, after: timedelta, is_open: bool = False) -> None:
    """Ana checked in by herself so long after the beginning."""
    with sheets.inside(scene.app):
        meeting = db.session.get_one(Meeting, scene.meeting_id)
        at: datetime = meeting.starts_at + after
        missed = -(-after // timedelta(minutes=1))
        cell = Cell(meeting, scene.enrolled(scene.ana_id), 180 - missed, came_at=at, is_open=is_open)
        services.mark(meeting.offering, [cell], by=scene.ivo)


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"late": "20"}, (160, 20 * MINUTE, None)),
        ({"early": "30"}, (150, None, 30 * MINUTE)),
        ({"late": "20", "early": "30"}, (130, 20 * MINUTE, 30 * MINUTE)),
        ({"minutes": "45"}, (45, None, None)),
        ({"late": "20", "minutes": "160"}, (160, 20 * MINUTE, None)),
        ({"late": "180"}, (0, 180 * MINUTE, None)),
    ],
)
def test_a_tap_says_how_late_and_how_early(
    scene: Scene, login_as: LoginAs, htmx: dict[str, str], figures: dict[str, str], expected: object
) -> None:
    answer = login_as(scene.cast.ivo).post(
        scene.mark_url(scene.ana_id), data=typed(scene, **figures), headers=htmx
    )
    assert answer.status_code == 200
    assert saved(scene) == expected


@pytest.mark.parametrize(
    ("figures", "field", "sentence"),
    [
        ({"late": "181"}, "late", "This meeting has 180 minutes; type no more than that."),
        ({"early": "soon"}, "early", "Type whole minutes, from 0 to 180."),
        ({"late": "100", "early": "81"}, "early", "Together that is more than the 180 minutes."),
        (
            {"late": "20", "minutes": "45"},
            "minutes",
            "Late and early leave 160 minutes, not 45. Clear one of the two.",
        ),
        ({}, "late", "Type the minutes late, left early, or there."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    scene: Scene,
    login_as: LoginAs,
    htmx: dict[str, str],
    figures: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    answer = login_as(scene.cast.ivo).post(
        scene.mark_url(scene.ana_id), data=typed(scene, **figures), headers=htmx
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'aria-invalid="true" aria-describedby="{field}-{scene.ana}-error"' in answer.text
    for name, text in figures.items():
        assert f'name="{name}-{scene.ana}" value="{text}"' in answer.text
    assert scene.saved() == {}


def test_a_break_is_not_taken_off_twice(scene: Scene, login_as: LoginAs) -> None:
    """Three hours with half an hour's break count 150 minutes; twenty minutes late leave 130."""
    with sheets.inside(scene.app):
        meeting = db.session.get_one(Meeting, scene.meeting_id)
        meeting.break_minutes, meeting.minutes = 30, 150
    login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data=typed(scene, late="20"))
    assert saved(scene) == (130, 20 * MINUTE, None)


def test_the_sheet_shows_what_was_typed_and_leaves_it_alone(scene: Scene, login_as: LoginAs) -> None:
    browser = login_as(scene.cast.ivo)
    browser.post(scene.mark_url(scene.ana_id), data=typed(scene, late="20", early="5"))
    page = browser.get(scene.url).text
    assert f'name="late-{scene.ana}" value="20"' in page
    assert f'name="was-{scene.ana}" value="20+5"' in page
    again = typed(scene, late="20", early="5") | {f"was-{scene.ana}": "20+5"}
    browser.post(scene.url, data=again)
    with sheets.inside(scene.app):
        assert db.session.scalar(sa.select(sa.func.count(Recording.id))) == 1


def test_a_time_known_to_the_second_stays_when_only_the_other_is_typed(
    scene: Scene, login_as: LoginAs
) -> None:
    came(scene, timedelta(minutes=9, seconds=30))
    login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data=typed(scene, late="10", early="20"))
    assert saved(scene) == (150, timedelta(minutes=9, seconds=30), 20 * MINUTE)


def test_somebody_who_was_away_in_between_is_shown_by_minutes(scene: Scene, login_as: LoginAs) -> None:
    with sheets.inside(scene.app):
        meeting = db.session.get_one(Meeting, scene.meeting_id)
        cell = Cell(meeting, scene.enrolled(scene.ana_id), 100, came_at=meeting.starts_at + 10 * MINUTE)
        services.mark(meeting.offering, [cell], by=scene.ivo)
    page = login_as(scene.cast.ivo).get(scene.url).text
    assert f'name="minutes-{scene.ana}" value="100"' in page
    assert f'name="late-{scene.ana}" value=""' in page


# Checked in, and not out.


def test_whoever_did_not_check_out_is_asked_about(scene: Scene, login_as: LoginAs) -> None:
    came(scene, 2 * MINUTE, is_open=True)
    page = login_as(scene.cast.ivo).get(scene.url).text
    assert "has not checked out · roll call" in page
    assert f'name="mark-{scene.ana}" value="stayed"' in page
    assert "1 has not checked out" in page


def test_one_tap_says_that_somebody_stayed_to_the_end(
    scene: Scene, login_as: LoginAs, htmx: dict[str, str]
) -> None:
    came(scene, 2 * MINUTE, is_open=True)
    answer = login_as(scene.cast.mira).post(
        scene.mark_url(scene.ana_id), data={f"mark-{scene.ana}": "stayed"}, headers=htmx
    )
    assert saved(scene) == (178, 2 * MINUTE, None)
    assert "has not checked out" not in answer.text
    assert "roll call" in answer.text
    assert "Mira Sample" in answer.text


def test_early_minutes_settle_it_too_and_keep_when_they_came(scene: Scene, login_as: LoginAs) -> None:
    came(scene, 2 * MINUTE, is_open=True)
    login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data=typed(scene, early="30"))
    assert saved(scene) == (148, 2 * MINUTE, 30 * MINUTE)


def test_a_page_from_before_they_checked_in_does_not_make_them_punctual(
    scene: Scene, login_as: LoginAs
) -> None:
    came(scene, 40 * MINUTE, is_open=True)
    login_as(scene.cast.ivo).post(scene.mark_url(scene.ana_id), data={f"mark-{scene.ana}": "present"})
    assert saved(scene) == (140, 40 * MINUTE, None)


def test_one_button_settles_everybody_who_did_not_check_out(scene: Scene, login_as: LoginAs) -> None:
    came(scene, 2 * MINUTE, is_open=True)
    login_as(scene.cast.ivo).post(
        scene.url, data={"stayed": scene.meeting_id, f"was-{scene.ana}": "", f"was-{scene.otto}": ""}
    )
    assert scene.saved() == {"Ana": 178}
    assert saved(scene) == (178, 2 * MINUTE, None)


def test_saving_the_sheet_settles_nobody_by_itself(scene: Scene, login_as: LoginAs) -> None:
    came(scene, 2 * MINUTE, is_open=True)
    login_as(scene.cast.ivo).post(scene.url, data={f"was-{scene.ana}": "", f"mark-{scene.otto}": "absent"})
    with sheets.inside(scene.app):
        assert [mark.is_open for mark in db.session.scalars(sa.select(Mark).order_by(Mark.id))] == [
            True,
            False,
        ]
