"""The letters about getting into an account, as they go out: to exactly one address, with nothing to switch off."""

from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices.letters import find
from catalog.notices.models import Bounce, Job, Muted
from catalog.notices.posting import Outgoing, message_or_reason
from catalog.notices.securing import LETTERS
from tests.accounts.people import with_password
from tests.attendance.sheets import inside
from tests.factories import Cast


def sent(app: Flask) -> EmailMessage:
    with inside(app):
        job = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id.desc())).first()
        assert job
        found = message_or_reason(job.id, job.payload, app.config["CATALOG"])
        assert isinstance(found, Outgoing), found
        return found.message


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content())


def test_a_stranger_gets_the_link_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    client.post("/sign-up", data={"email": "nobody@example.org"})
    message = sent(app)
    assert message["To"] == "nobody@example.org"
    assert "List-Unsubscribe" not in message
    assert "/sign-up/" in text_of(message)
    assert "/account/mail" not in text_of(message)


def test_it_goes_to_the_address_it_is_about_whatever_was_changed_since(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    """Not to another address, nor to a second one, nor to whoever the account was joined with."""
    ana = with_password(app, cast)
    client.post("/reset", data={"email": ana})
    with inside(app):
        person = db.session.get_one(Person, cast.ana.id)
        person.email, person.second_email = "new@example.org", "second@example.org"
        person.merged_into_id = cast.otto.id
    message = sent(app)
    assert ana in message["To"]
    assert "Otto" not in text_of(message)


@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_nobody_can_switch_it_off(kind: str) -> None:
    letter = find(f"account.{kind}")
    assert letter
    assert not letter.can_be_muted


def test_nor_keep_it_from_going_out(app: Flask, client: FlaskClient, cast: Cast) -> None:
    ana = with_password(app, cast)
    with inside(app):
        db.session.add(Muted(person_id=cast.ana.id, kind="account.reset", since=cast.ana.created_at))
        db.session.add(
            Bounce(
                address=ana, is_permanent=True, reason="full", digest="0" * 64, came_at=cast.ana.created_at
            )
        )
    client.post("/reset", data={"email": ana})
    assert ana in sent(app)["To"]
