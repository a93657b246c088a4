from catalog.records.forms.education import CheckForm, EducationForm, ReturnForm
from catalog.records.forms.hours import HoursForm, hours_form
from catalog.records.forms.importing import SheetForm
from catalog.records.forms.people import MembershipForm, QualificationForm, RolesForm, roles, stand

__all__ = [
    "CheckForm",
    "EducationForm",
    "HoursForm",
    "MembershipForm",
    "QualificationForm",
    "ReturnForm",
    "RolesForm",
    "SheetForm",
    "hours_form",
    "roles",
    "stand",
]
