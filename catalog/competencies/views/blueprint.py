from flask import Blueprint

from catalog.competencies import wording

pages = Blueprint("competencies", __name__)
pages.add_app_template_filter(wording.ledger_name)
pages.add_app_template_filter(wording.ledger_word)
