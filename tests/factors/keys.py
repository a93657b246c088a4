"""People with a second step, made as quickly as tests need them, and codes as their app shows them."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.accounts import passwords
from catalog.accounts.models import Person
from catalog.extensions import db, writing
from catalog.factors import services
from catalog.factors.digits import SECONDS
from catalog.notices.models import AuditEntry, Job
from tests import factories as make

PASSWORD = "four plain words here"


def somebody(name: str = "Ana Sample", **fields: object) -> Person:
    """With a password, so that they sign in as people do."""
    return make.person(name, password_hash=passwords.hash_of(PASSWORD), **fields)


def app_of(person: Person) -> str:
    """Set up an app, an hour ago; its secret."""
    with clock.at(clock.now() - timedelta(hours=1)):
        sealed = services.apps.offer(person)
        secret = services.apps.offered(person, sealed)
        services.apps.add(person, sealed, shown(secret))
    return secret


def shown(secret: str, later: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return pyotp.TOTP(secret).generate_otp(int(clock.now().timestamp()) // SECONDS + later)


def codes_of(person: Person) -> list[str]:
    fresh = services.codes.fresh()
    services.codes.keep(person, fresh)
    return [code.shown for code in fresh]


class Signer(str):
    """An address to sign in with, and the secret of its app."""

    secret: str
    codes: list[str]
    number: int


@pytest.fixture
def with_app(app: Flask, _rows: None) -> Signer:
    """Somebody whose app is set up and who has recovery codes."""
    with app.app_context():
        writing.set(True)
        person = somebody()
        secret, codes = app_of(person), codes_of(person)
        db.session.commit()
        signer = Signer(person.email)
        signer.secret, signer.codes, signer.number = secret, codes, person.id
    return signer


@pytest.fixture
def required(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Coordinators and administrators must have a second step."""
    monkeypatch.setitem(app.config, "CATALOG", replace(app.config["CATALOG"], second_factor="required"))


def letters_to(person_id: int) -> list[str]:
    """The subjects of what was written to somebody, oldest first."""
    jobs = db.session.scalars(sa.select(Job).where(Job.person_id == person_id).order_by(Job.id))
    return [job.payload["subject"] for job in jobs]


def trail_of(person_id: int) -> list[str]:
    entries = sa.select(AuditEntry.action).where(AuditEntry.person_id == person_id).order_by(AuditEntry.id)
    return list(db.session.scalars(entries))
