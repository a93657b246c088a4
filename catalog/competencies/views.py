import catalog.competencies.models  # noqa: F401
from flask import Blueprint

pages = Blueprint("competencies", __name__)
