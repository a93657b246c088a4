from catalog.endorsement.forms.goals import EndorsedForm, GoalForm, RenewForm, WishesForm
from catalog.endorsement.forms.plan import PlanForm
from catalog.endorsement.forms.share import ShareForm

__all__ = ["EndorsedForm", "GoalForm", "PlanForm", "RenewForm", "ShareForm", "WishesForm"]
