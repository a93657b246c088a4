from flask import Blueprint

pages = Blueprint("notices", __name__)
