from flask import Blueprint

pages = Blueprint("enrollment", __name__)
