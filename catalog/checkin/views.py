from flask import Blueprint

import catalog.checkin.models  # noqa: F401

pages = Blueprint("checkin", __name__)
