"""What is typed about certificates."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length


class LookUpForm(FlaskForm):
    """Sent by GET, so that the answer has an address; a look-up changes nothing and needs no token."""

    class Meta:
        csrf = False

    number = StringField("Number", description="Such as 7K3M-9QXD-2VAB. Small letters and spaces do no harm.")


class RevokeForm(FlaskForm):
    reason = TextAreaField(
        "Why",
        [DataRequired("Please say why."), Length(max=500, message="At most 500 letters.")],
        description="Whoever checks the certificate reads this. Write nothing private.",
    )
