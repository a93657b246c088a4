"""A framework with one of each thing a coordinator keeps, and the addresses of their pages."""

from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask

from catalog.competencies import services
from catalog.competencies.models import Category, HourRule, HourTag, Policy
from catalog.extensions import db, writing
from tests.competencies.framework_file import small, write

ADD_ON = {"code": "ERS", "name": "Supervisor", "credential": "X-E", "age_band": "any", "kind": "add_on"}
PROVIDERS: dict[str, Any] = {
    "kind": "providers",
    "facts": {"any_of": [{"category": "FA", "add_on": "ERS"}], "vetted": False},
}
SOURCES: dict[str, Any] = {
    "kind": "sources",
    "facts": {"most_providers": 2, "main_percent": 50, "peers_count": False},
}
CYCLE: dict[str, Any] = {
    "kind": "cycle",
    "facts": {"months": 12, "deadline": "12-31", "needs_membership": True},
}


class Numbers(NamedTuple):
    category: int
    rule: int
    tag: int
    providers: int
    sources: int
    cycle: int


def keep(app: Flask, folder: Path) -> Numbers:
    """One category and one add-on, one rule of 30 hours, one tag, and one policy of each kind."""
    framework = small(policies=[PROVIDERS, SOURCES, CYCLE])
    framework["categories"].append(ADD_ON)
    with app.app_context():
        writing.set(True)
        services.load_framework(write(folder, framework))
        db.session.commit()
        found = [
            db.session.scalars(sa.select(model.id).order_by(model.id)).all()
            for model in (Category, HourRule, HourTag, Policy)
        ]
    return Numbers(found[0][0], found[1][0], found[2][0], *found[3])


def rows(app: Flask, model: type[Any]) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(sa.select(model).order_by(model.id)))
