from flask import Blueprint

import catalog.competencies.models  # noqa: F401

pages = Blueprint("competencies", __name__)
