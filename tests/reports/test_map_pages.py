"""The map on the pages: 67 links with names and figures, told by pattern and words; and the map of one topic."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.competencies.models import Purpose
from catalog.extensions import db, writing
from catalog.reports.counties import map as maps
from catalog.reports.frame import Column, Hidden, Line, Table, Unit
from tests import factories as make
from tests.endorsement import goals
from tests.factories import Cast
from tests.reports import crowd

LoginAs = Callable[[Person], FlaskClient]
PAGES = ("/reports/demand", "/reports/pipeline", "/reports/renewal", "/reports/demand/map?topic=TF.a")


@pytest.fixture(autouse=True)
def _world(app: Flask, cast: Cast) -> None:
    """Seven of Montgomery and two of Dallas County miss the topic, and each holds what is due this year."""
    with app.app_context():
        writing.set(True)
        category = make.category("IFS", asks=(make.topic("TF.a"),))
        goals.rule(category, 30)
        goals.rule(category, 15, purpose=Purpose.RENEWAL)
        for number in range(9):
            person = make.person(f"Person{number} Sample", county="01101" if number < 7 else "01047")
            goals.goal(person, category)
            goals.endorsed(person, category, valid_until=date(crowd.today().year, 12, 31))
        make.course("Early ties", topics=("TF.a",))
        crowd.reckon()
        db.session.commit()


def links(text: str) -> list[str]:
    return re.findall(r'<a href="[^"]+" aria-label="([^"]+ County: [^"]+)"><path', text)


@pytest.mark.parametrize("url", PAGES)
def test_each_county_is_a_link_that_says_its_figure(cast: Cast, login_as: LoginAs, url: str) -> None:
    text = login_as(cast.mira).get(url).text
    assert len(links(text)) == 67
    assert "Montgomery County: 7" in links(text)
    assert "Dallas County: 2" in links(text)
    assert "Autauga County: 0" in links(text)


@pytest.mark.parametrize("url", PAGES)
def test_a_masked_map_hides_what_its_table_hides(cast: Cast, login_as: LoginAs, url: str) -> None:
    text = login_as(cast.mira).get(url + ("&" if "?" in url else "?") + "masked=1").text
    assert "Dallas County: 2" not in text
    assert any(one.startswith(("Dallas County: &lt;5", "Dallas County: not shown")) for one in links(text))
    assert "/rows?" not in text


@pytest.mark.parametrize("url", PAGES)
def test_a_chosen_county_is_told_from_the_others(cast: Cast, login_as: LoginAs, url: str) -> None:
    text = login_as(cast.mira).get(url + ("&" if "?" in url else "?") + "county=01101").text
    assert "Montgomery County: 7" in links(text)
    assert "Dallas County: not asked for" in links(text)
    assert text.count('class="place chosen"') == 1


@pytest.mark.parametrize("url", PAGES)
def test_the_map_needs_no_style_and_no_script(cast: Cast, login_as: LoginAs, url: str) -> None:
    text = login_as(cast.mira).get(url).text
    assert " style=" not in text
    assert "<style" not in text


def test_what_to_schedule_next_ends_the_page(cast: Cast, login_as: LoginAs) -> None:
    text = login_as(cast.mira).get("/reports/demand").text
    after = text.split('id="next"')[1]
    assert re.search(r"Early ties, in or near \w+ County", after)
    assert "/offerings/new" in after
    assert "9 people" in after
    assert "eligib" not in text


def test_the_rows_behind_a_suggestion_are_the_people(cast: Cast, login_as: LoginAs) -> None:
    client = login_as(cast.mira)
    text = client.get("/reports/demand").text
    url = re.search(r'href="(/reports/demand/rows[^"]+table=next[^"]+)"', text)
    assert url
    assert client.get(url[1].replace("&amp;", "&")).text.count(" Sample</a></th>") == 9


def test_the_rows_behind_a_county_of_one_topic_are_its_people(cast: Cast, login_as: LoginAs) -> None:
    client = login_as(cast.mira)
    text = client.get("/reports/demand/map?topic=TF.a").text
    url = re.search(r'href="(/reports/demand/rows\?[^"]*line=01047[^"]*)"', text)
    assert url
    assert client.get(url[1].replace("&amp;", "&")).text.count(" Sample</a></th>") == 2


def test_an_unknown_topic_is_not_there(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).get("/reports/demand/map?topic=nothing").status_code == 404


def test_an_address_that_cannot_be_read_is_refused(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).get("/reports/demand/map?topic=TF.a&from=x").status_code == 400


def test_only_coordinators_see_the_map_of_a_topic(cast: Cast, login_as: LoginAs, client: FlaskClient) -> None:
    assert client.get(PAGES[-1]).location.startswith("/sign-in")
    assert login_as(cast.ivo).get(PAGES[-1]).status_code == 403


def test_nothing_is_posted_to_the_map(cast: Cast, login_as: LoginAs) -> None:
    assert login_as(cast.mira).post("/reports/demand/map").status_code == 405


# The steps.


def counties(**figures: int | Hidden) -> Table:
    lines = tuple(Line(f"0{fips[1:]}", fips, (figure,)) for fips, figure in figures.items())
    return Table("counties", "By county", "County", (Column("people", "People", Unit.PEOPLE),), lines)


def test_steps_are_fourths_of_the_highest() -> None:
    found = maps.drawn("AL", counties(c1001=1, c1003=25, c1005=26, c1007=100), "people")
    assert found
    steps = {place.fips: place.step for place in found.places}
    assert [steps[fips] for fips in ("01001", "01003", "01005", "01007", "01009")] == [1, 1, 2, 4, 0]
    assert found.legend == ((0, "0"), (1, "1 to 25"), (2, "26 to 50"), (3, "51 to 75"), (4, "76 to 100"))


@pytest.mark.parametrize("top", [1, 2, 3, 5, 7, 10])
def test_the_legend_names_every_step_that_is_drawn(top: int) -> None:
    known = dict(maps._legend(top, has_hidden=False))
    for value in range(top + 1):
        words = known[maps.step_of(value, top)].split(" to ")
        assert int(words[0]) <= value <= int(words[-1])


def test_a_state_without_shapes_has_no_map() -> None:
    assert maps.drawn("ZZ", counties(c1001=1), "people") is None
