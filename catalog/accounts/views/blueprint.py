"""The blueprint that every page of accounts hangs on."""

from flask import Blueprint

pages = Blueprint("accounts", __name__)
