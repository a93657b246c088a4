from flask import Blueprint

import catalog.disputes.models  # noqa: F401

pages = Blueprint("disputes", __name__)
