from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired


class MergeForm(FlaskForm):
    """`seen` is what the preview showed; somebody may write something meanwhile."""

    seen = HiddenField()


class PairForm(FlaskForm):
    """Two accounts that somebody looked at side by side."""

    one = IntegerField(validators=[InputRequired()])
    other = IntegerField(validators=[InputRequired()])
