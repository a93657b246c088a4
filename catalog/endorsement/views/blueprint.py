from flask import Blueprint

pages = Blueprint("endorsement", __name__)
