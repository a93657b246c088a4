from flask import Blueprint

pages = Blueprint("coordinating", __name__)
