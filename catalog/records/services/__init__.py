"""Writes: what people hold and do here. They flush; whoever calls commits."""

from catalog.records.services.education import (
    add_education,
    change_education,
    check_education,
    return_education,
    stand,
    withdraw_education,
)
from catalog.records.services.finishing import claim, finish_courses
from catalog.records.services.people import (
    add_qualification,
    change_qualification,
    change_roles,
    make_administrator,
    set_membership,
)

__all__ = [
    "add_education",
    "add_qualification",
    "change_education",
    "change_qualification",
    "change_roles",
    "check_education",
    "claim",
    "finish_courses",
    "make_administrator",
    "return_education",
    "set_membership",
    "stand",
    "withdraw_education",
]
