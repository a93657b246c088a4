import catalog.courses.models  # noqa: F401
from flask import Blueprint

pages = Blueprint("courses", __name__)
