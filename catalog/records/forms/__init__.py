from catalog.records.forms.education import CheckForm, EducationForm, ReturnForm
from catalog.records.forms.people import MembershipForm, QualificationForm, RolesForm, roles, stand

__all__ = [
    "CheckForm",
    "EducationForm",
    "MembershipForm",
    "QualificationForm",
    "ReturnForm",
    "RolesForm",
    "roles",
    "stand",
]
