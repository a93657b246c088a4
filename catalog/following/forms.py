from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.browse.vocabulary import ONLINE
from catalog.courses.forms.fields import Radios, line, listed
from catalog.following.models import HowOften
from catalog.following.reading import LONGEST_LABEL
from catalog.following.wording import HOW_OFTEN
from catalog.places import counties


class Places(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("Choose from the list.") from None


class SearchForm(FlaskForm):
    # The address of the search, but for its counties, which stand in a field of their own.
    query = HiddenField()
    how_often = Radios("How often", HowOften, HOW_OFTEN, default=HowOften.DAILY)
    label = line("A name of your own", LONGEST_LABEL, hint="Empty: it is called what it asks for.")
    county = Places("Counties", description="Any of these. None is anywhere.")

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.county.choices = listed(
            [(ONLINE, "Online"), *((county.fips, county.name) for county in counties().values())]
        )
