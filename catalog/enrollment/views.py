import catalog.enrollment.models  # noqa: F401
from flask import Blueprint

pages = Blueprint("enrollment", __name__)
