"""The blueprint that every page of the second step hangs on."""

from flask import Blueprint

pages = Blueprint("factors", __name__)
