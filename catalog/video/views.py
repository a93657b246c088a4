from flask import Blueprint

import catalog.video.models  # noqa: F401

pages = Blueprint("video", __name__)
