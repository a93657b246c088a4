from flask import Blueprint

import catalog.endorsement.models  # noqa: F401

pages = Blueprint("endorsement", __name__)
