"""The three small forms of the conversation about a course."""

from flask_wtf import FlaskForm
from wtforms import BooleanField

from catalog.courses.forms.fields import paragraph


class SubmitForm(FlaskForm):
    text = paragraph("Answer or remark for the coordinator", 2000, rows=3)


class PublishForm(FlaskForm):
    with_mapping = BooleanField("I have also reviewed the mapping; record it with my name and today's date")


class AskForm(FlaskForm):
    reason = paragraph(
        "What should change",
        2000,
        required="Write down what should change; the trainer works from it.",
        hint="The trainer reads this, word for word.",
        rows=3,
    )
