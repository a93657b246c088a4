from flask import Blueprint

pages = Blueprint("browse", __name__)
