from flask import Blueprint

pages = Blueprint("checkin", __name__)
