"""Whom the second step is required of. Settings decide, and what a person may do."""

from datetime import timedelta

from flask import current_app

from catalog.accounts.models import Person
from catalog.config import Settings
from catalog.errors import RuleBroken

FRESH = timedelta(minutes=10)
"""How long after somebody showed that it is them they may change how they sign in."""


class LastRequired(RuleBroken):
    sentence = (
        "Coordinators and administrators need a second step. Add another one first, then remove this one."
    )


def is_required(of: Person) -> bool:
    settings: Settings = current_app.config["CATALOG"]
    return settings.second_factor == "required" and of.coordinates_some
