"""The shared pieces are tried on their own: real WTForms fields, the real templates, no application."""

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField, SelectMultipleField, StringField, validators, widgets

from catalog import wording

TEMPLATES = Path(__file__).parent.parent / "templates"
AREAS = [
    SimpleNamespace(code="TF", short="TF", name="Theoretical Foundations"),
    SimpleNamespace(code="SE", short="Sys", name="Systems Expertise"),
    SimpleNamespace(code="REF", short="Ref", name="Reflection"),
]
# Plain strings: WTForms 3.3 warns of tuples, and its published types know neither strings nor its new class.
PLACES: Any = ["In person", "Online"]
LETTERS: Any = ["A", "B"]


class Wishes(Form):
    title = StringField("Title", [validators.InputRequired("Give it a title.")])
    note = StringField("Note")
    place = RadioField("Format", [validators.InputRequired("Say how.")], choices=PLACES)
    areas = SelectMultipleField(
        "Areas",
        choices=LETTERS,
        widget=widgets.ListWidget(),
        option_widget=widgets.CheckboxInput(),
    )
    sure = BooleanField("I am sure")


def macro(name: str, *args: Any, **kwargs: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, trim_blocks=True
    )
    environment.globals["csrf_token"] = lambda: "token"
    environment.filters["hours"] = wording.hours
    return str(getattr(environment.get_template("macros.html").module, name)(*args, **kwargs))


def wrong() -> Wishes:
    form = Wishes(MultiDict({"title": "", "note": '"><script>'}))
    form.validate()
    return form


def test_strip_says_the_state_of_every_area_in_words() -> None:
    html = macro("strip", AREAS, {"TF", "SE"}, {"SE", "REF"}, {"SE"})
    assert re.findall("<span>(.*?)</span>", html) == [
        "Theoretical Foundations, covered",
        "Systems Expertise, covers what you miss",
        "Reflection, you still miss it",
    ]


def test_strip_can_be_reached_by_keyboard() -> None:
    assert 'tabindex="0" aria-label="Competency areas"' in macro("strip", AREAS, [])


def test_wrong_field_names_its_error_to_the_reader() -> None:
    html = macro("field", wrong().title, hint="As people search.")
    assert 'aria-describedby="title-hint title-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="title-error"' in html
    assert "Give it a title." in html


def test_field_keeps_and_escapes_what_was_typed() -> None:
    html = macro("field", wrong().note)
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_optional_is_said_of_optional_fields_only() -> None:
    form = Wishes()
    assert "optional" in macro("field", form.note)
    assert "optional" in macro("field", form.areas)
    assert "optional" not in macro("field", form.title)
    assert "optional" not in macro("field", form.sure)


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = macro("field", wrong().place)
    assert re.search(r'<fieldset class="field choices" id="place"[^>]*aria-describedby="place-error"', html)
    assert "<legend>Format</legend>" in html
    assert html.count('type="radio"') == 2


def test_summary_leads_to_every_wrong_field() -> None:
    html = macro("error_summary", wrong())
    assert re.findall('href="(#[^"]+)"', html) == ["#title", "#place-0"]
    assert 'tabindex="-1" autofocus' in html


def test_summary_is_absent_without_problems() -> None:
    assert macro("error_summary", Wishes()).strip() == ""


def test_post_button_carries_the_token_and_its_extras() -> None:
    html = macro("post_button", "/seats", "Take a seat", hidden={"a": 1}, **{"hx-post": "/seats"})
    assert 'name="csrf_token" value="token"' in html
    assert 'name="a" value="1"' in html
    assert re.search('<form[^>]* hx-post="/seats"', html)


def test_bar_never_runs_over_its_end() -> None:
    html = macro("bar", 1800, 1200, 1500, "Training")
    assert 'x1="60.0%" x2="100.0%"' in html
    assert "30 h verified, 20 h booked of 25 h" in html


def test_bar_without_a_target_is_drawn() -> None:
    assert "0 h verified" in macro("bar", 0, 0, 0, "Training")


def test_pager_leaves_out_what_is_not_there() -> None:
    page = SimpleNamespace(number=1, pages=2, url=lambda number: f"?page={number}")
    html = macro("pager", page, "results")
    assert "Previous" not in html
    assert 'href="?page=2" rel="next" hx-get="?page=2" hx-target="#results"' in html
    assert macro("pager", SimpleNamespace(number=1, pages=1, url=None)).strip() == ""


def test_date_leaf_tells_machines_the_date() -> None:
    html = macro("date_leaf", date(2027, 1, 14))
    assert 'datetime="2027-01-14"' in html
    assert re.sub("<[^>]+>", "", html).split() == ["Thu", "14", "Jan"]
