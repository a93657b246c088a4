"""What PostgreSQL is told of a question before it makes its plan. Told less, it keeps a plan that is many times as
slow in a large catalog; in the small one of a test no plan is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories as make
from tests.browse.pages import inside
from tests.statements import counted

pytestmark = pytest.mark.postgres


def asked(client: FlaskClient, url: str, of: str) -> str:
    """The one statement of the second visit that reads this."""
    client.get(url)
    with counted() as seen:
        assert client.get(url).status_code == 200
    (found,) = [statement for statement in seen if of in statement]
    return found


def test_the_first_page_says_how_many_rows_it_wants(client: FlaskClient) -> None:
    assert "LIMIT 26" in asked(client, "/", "json_agg")


def test_a_later_page_is_the_same_statement_as_the_next(client: FlaskClient) -> None:
    assert asked(client, "/?page=2", "json_agg") == asked(client, "/?page=3", "json_agg")


@pytest.mark.parametrize("sort", ["", "&sort=relevance"])
def test_a_search_says_which_words(client: FlaskClient, sort: str) -> None:
    statement = asked(client, "/?q=young+families" + sort, "json_agg")
    assert "plainto_tsquery('english'::regconfig, 'young')" in statement
    assert "to_tsquery('simple'::regconfig, '''families'':*')" in statement


def test_what_is_typed_ends_no_text(client: FlaskClient) -> None:
    statement = asked(client, "/?q=x'+OR+%25(a)s+%5C'':*--", "json_agg")
    assert "'''s'':*'" in statement
    assert "%(a)s" not in statement
    assert "--" not in statement


def test_the_course_page_says_whose_trail_it_counts(app: Flask, client: FlaskClient) -> None:
    with inside(app):
        course_id = make.course().id
    assert "audit_entry.about = 'framework'" in asked(client, f"/courses/{course_id}", "audit_entry")
