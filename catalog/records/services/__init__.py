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
from catalog.records.services.hours import (
    add_hours,
    add_hours_for,
    correct_hours,
    put_back_hours,
    withdraw_hours,
)
from catalog.records.services.importing import columns_of, keep_import, save_import, write_down
from catalog.records.services.people import (
    add_qualification,
    change_qualification,
    change_roles,
    end_sign_ins,
    make_administrator,
    set_licence,
    set_membership,
)
from catalog.records.services.verifying import return_hours, seen_of, verify_hours

__all__ = [
    "add_education",
    "add_hours",
    "add_hours_for",
    "add_qualification",
    "change_education",
    "change_qualification",
    "change_roles",
    "check_education",
    "claim",
    "columns_of",
    "correct_hours",
    "end_sign_ins",
    "finish_courses",
    "keep_import",
    "make_administrator",
    "put_back_hours",
    "return_education",
    "return_hours",
    "save_import",
    "seen_of",
    "set_licence",
    "set_membership",
    "stand",
    "verify_hours",
    "withdraw_education",
    "withdraw_hours",
    "write_down",
]
