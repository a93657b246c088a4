from flask import Blueprint

import catalog.evaluation.models  # noqa: F401

pages = Blueprint("evaluation", __name__)
