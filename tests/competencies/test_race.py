"""Several coordinators at once, in server processes of their own: two rules never answer the same question."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from catalog.accounts import services as accounts
from catalog.accounts.models import Person
from catalog.competencies.models import HourRule, HourTag
from catalog.extensions import db, writing
from tests.competencies.keeping import Numbers, keep, rows
from tests.competencies.test_keep_rules import NEW
from tests.factories import Cast
from tests.servers import Browser, Ports, at_once, running

pytestmark = pytest.mark.race


@pytest.fixture
def servers(app: Flask, _rows: None, database_url: str) -> Iterator[Ports]:
    with running(database_url) as ports:
        yield ports


@pytest.fixture
def numbers(app: Flask, cast: Cast, tmp_path: Path) -> Numbers:
    return keep(app, tmp_path)


def browsers(app: Flask, person: Person, servers: Ports) -> list[Browser]:
    made = []
    for number in range(6):
        with app.app_context():
            writing.set(True)
            token = accounts.begin_sign_in(db.session.get_one(Person, person.id))
            db.session.commit()
        browser = Browser(servers[number % 2], {"sign_in": token})
        assert browser.get("/account").status == 200
        made.append(browser)
    return made


def sealed(browser: Browser, url: str, fields: dict[str, str]) -> dict[str, str]:
    """The same form once its preview was shown."""
    page = browser.post(url, **fields)
    assert "Not saved yet" in page.body
    return {**fields, "previewed": page.body.partition('name="previewed" value="')[2][:64]}


def test_of_rules_added_at_once_one_is_saved(
    app: Flask, cast: Cast, numbers: Numbers, servers: Ports
) -> None:
    everybody = browsers(app, cast.mira, servers)
    # They begin on other days and overlap later, so that no key of a row keeps them apart.
    forms = [
        {**NEW, "category_id": str(numbers.category), "effective_from": f"2027-01-0{number}"}
        for number in range(1, 7)
    ]
    posts = [
        partial(browser.post, "/framework/rules", **sealed(browser, "/framework/rules", form))
        for browser, form in zip(everybody, forms, strict=True)
    ]
    assert Counter(answer.status for answer in at_once(posts)) == {303: 1, 422: 5}
    assert len(rows(app, HourRule)) == 2


def test_of_tags_added_at_once_one_is_saved(app: Flask, cast: Cast, numbers: Numbers, servers: Ports) -> None:
    posts = [
        partial(browser.post, "/framework/tags", **sealed(browser, "/framework/tags", {"label": "Heart"}))
        for browser in browsers(app, cast.mira, servers)
    ]
    assert Counter(answer.status for answer in at_once(posts)) == {303: 1, 422: 5}
    assert [tag.label for tag in rows(app, HourTag)] == ["Core", "Heart"]
