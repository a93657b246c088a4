"""The letters that were asked for, and the links that stand in them."""

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask

from catalog.extensions import db
from catalog.notices.models import Job
from tests.attendance.sheets import inside


def letters(app: Flask, kind: str = "") -> list[dict[str, Any]]:
    """What was asked for, the oldest first; `kind` such as "reset" for those alone."""
    with inside(app):
        rows = db.session.scalars(sa.select(Job).where(Job.kind == "mail").order_by(Job.id))
        return [row.payload for row in rows if not kind or row.payload["kind"] == f"account.{kind}"]


def link(app: Flask, kind: str, address: str = "") -> str:
    """The path in the newest letter of this kind, or to this address."""
    found = [one for one in letters(app, kind) if not address or one["to"] == address]
    match = re.search(r"https?://[^/\s]+(/\S+)", found[-1]["text"])
    assert match
    return match[1]
