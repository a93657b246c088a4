from flask import Blueprint

pages = Blueprint("following", __name__)
