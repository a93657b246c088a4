"""What is called in an installation, and who is in its database."""

import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from catalog.accounts.models import Person
from catalog.extensions import db, writing


def run(app: Flask, *words: object) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=["catalog", *map(str, words)])


def people(app: Flask) -> set[str]:
    with app.app_context():
        writing.set(False)
        return set(db.session.scalars(sa.select(Person.email)))
