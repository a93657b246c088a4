import catalog.attendance.models  # noqa: F401
from flask import Blueprint

pages = Blueprint("attendance", __name__)
