"""Nothing is sent inside a web request: a mail server that hangs keeps nobody waiting."""

import ast
import smtplib
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from catalog.accounts.models import Person
from catalog.config import MailServer, Settings
from catalog.extensions import db
from catalog.notices import mail
from catalog.notices.models import Job, JobState
from tests import factories as make
from tests.attendance.sheets import inside
from tests.factories import Cast
from tests.test_architecture import FILES, name_of

LoginAs = Callable[[Person], FlaskClient]


def test_taking_and_leaving_and_cancelling_only_writes_letters_down(
    app: Flask,
    cast: Cast,
    login_as: LoginAs,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def sends(*_: object, **__: object) -> None:
        raise AssertionError("a page tried to send mail")

    monkeypatch.setitem(app.config, "CATALOG", replace(settings, mail=MailServer("127.0.0.1", 1, "plain")))
    monkeypatch.setattr(smtplib.SMTP, "connect", sends)
    monkeypatch.setattr(mail, "deliver", sends)
    with inside(app):
        offering = make.offering(seats=1, trainer_id=cast.ivo.id)
    ana, otto = login_as(cast.ana), login_as(cast.otto)
    for browser in (ana, otto):
        assert browser.post(f"/offerings/{offering.id}/enrollments").status_code == 303
    with inside(app):
        states = set(db.session.scalars(sa.select(Job.state)))
        subjects = {
            payload["subject"].partition(":")[0] for payload in db.session.scalars(sa.select(Job.payload))
        }
    assert states == {JobState.READY}
    assert subjects == {"You have a seat", "You are on the waitlist"}


def test_only_the_worker_hands_mail_on() -> None:
    """By import: `mail.deliver` and smtplib are known to these files and to no other."""
    knows = {
        "smtplib": {"catalog.notices.mail"},
        "deliver": {"catalog.notices.mail", "catalog.notices.worker"},
    }
    for word, allowed in knows.items():
        users = {name_of(path) for path in FILES if word in _names(path.read_text())}
        assert users == allowed, word


def _names(text: str) -> set[str]:
    tree = ast.parse(text)
    found = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return found | {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
