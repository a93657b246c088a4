import catalog.notices.models  # noqa: F401
from flask import Blueprint

pages = Blueprint("notices", __name__)
