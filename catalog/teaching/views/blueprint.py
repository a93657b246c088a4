from flask import Blueprint

pages = Blueprint("teaching", __name__)
