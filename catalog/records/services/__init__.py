"""Writes: what people hold and do here. They flush; whoever calls commits."""

from catalog.records.services.people import (
    add_qualification,
    change_qualification,
    change_roles,
    make_administrator,
    set_membership,
)

__all__ = [
    "add_qualification",
    "change_qualification",
    "change_roles",
    "make_administrator",
    "set_membership",
]
