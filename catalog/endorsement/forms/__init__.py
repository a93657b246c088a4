from catalog.endorsement.forms.goals import EndorsedForm, GoalForm, RenewForm, WishesForm
from catalog.endorsement.forms.share import ShareForm

__all__ = ["EndorsedForm", "GoalForm", "RenewForm", "ShareForm", "WishesForm"]
