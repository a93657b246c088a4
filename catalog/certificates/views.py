from flask import Blueprint

import catalog.certificates.models  # noqa: F401

pages = Blueprint("certificates", __name__)
