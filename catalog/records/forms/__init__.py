from catalog.records.forms.people import MembershipForm, QualificationForm, RolesForm, roles, stand

__all__ = ["MembershipForm", "QualificationForm", "RolesForm", "roles", "stand"]
