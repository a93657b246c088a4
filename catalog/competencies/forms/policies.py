"""The forms of policies, for each kind one of it whole, and one of what it says from a day on."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired, ValidationError

from catalog.competencies.forms.fields import Listed, Picked, Ticked, WholeField, pairs
from catalog.competencies.forms.rules import MOST_MONTHS, BeginForm, DatedForm
from catalog.competencies.models import Category, Policy, PolicyKind
from catalog.competencies.services.dated import is_day_of_year
from catalog.competencies.wording import MONTHS

WITH = " + "
"""Between the code of a category and of the add-on it needs; no code has blanks."""


class Facts(FlaskForm):
    """What one kind of policy says. `says` are the names of the fields; those the file calls the same need no
    more."""

    says: tuple[str, ...] = ()

    def prepare(self, categories: Iterable[Category]) -> None:
        """Set the choices that depend on the framework."""

    @classmethod
    def typed(cls, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts as the fields hold them."""
        return {name: facts[name] for name in cls.says if name in facts}

    def facts(self) -> dict[str, Any]:
        return {name: self[name].data for name in self.says}


class ProviderFacts(Facts):
    says = ("any_of", "vetted")
    any_of = Ticked("RSC counts when it is given by somebody endorsed as")
    vetted = BooleanField("It also counts from somebody who is vetted and not endorsed")

    def prepare(self, categories: Iterable[Category]) -> None:
        listed = list(categories)
        add_ons = [one for one in listed if one.is_add_on]
        choices = []
        for one in listed:
            if not one.is_add_on:
                choices += [
                    (f"{one.code}{WITH}{more.code}", f"{one.name}, with {more.name}") for more in add_ons
                ]
                choices.append((one.code, one.name))
        # What is saved and no longer in the framework stays until it is taken out.
        known = {value for value, _ in choices}
        choices += [(value, value) for value in self.any_of.object_data or () if value not in known]
        self.any_of.choices = pairs(choices)

    @classmethod
    def typed(cls, facts: Mapping[str, Any]) -> dict[str, Any]:
        codes = [(one["category"], one.get("add_on")) for one in facts.get("any_of", ())]
        any_of = [f"{code}{WITH}{add_on}" if add_on else code for code, add_on in codes]
        return {"any_of": any_of, "vetted": facts.get("vetted", False)}

    def facts(self) -> dict[str, Any]:
        split = [value.partition(WITH) for value in self.any_of.data or ()]
        any_of = [
            {"category": code, "add_on": add_on} if add_on else {"category": code}
            for code, _, add_on in split
        ]
        return {"any_of": any_of, "vetted": self.vetted.data}


class SourceFacts(Facts):
    says = ("most_providers", "main_percent", "peers_count")
    most_providers = WholeField(
        "From at most this many providers", [InputRequired("Enter how many.")], least=1, most=99
    )
    main_percent = WholeField(
        "More than this percentage from one of them",
        [InputRequired("Enter the percentage; 0 for no such rule.")],
        least=0,
        most=100,
    )
    peers_count = BooleanField("Peer groups without a provider count")


class CycleFacts(Facts):
    says = ("months", "month", "day", "needs_membership")
    months = WholeField(
        "Months in a period",
        [InputRequired("Enter the months, such as 12.")],
        least=1,
        most=MOST_MONTHS,
        description="12 for every year, 36 for every three years.",
    )
    month = Listed("It ends in", choices=pairs(MONTHS.items()))
    day = WholeField("On this day of the month", [InputRequired("Enter the day.")], least=1, most=31)
    needs_membership = BooleanField("Membership is needed to renew", default=True)

    def validate_day(self, field: WholeField) -> None:
        if self.month.data and field.data and not is_day_of_year(self.deadline):
            raise ValidationError("Not every year has this day.")

    @property
    def deadline(self) -> str:
        return f"{self.month.data}-{self.day.data:02}"

    @classmethod
    def typed(cls, facts: Mapping[str, Any]) -> dict[str, Any]:
        month, _, day = str(facts.get("deadline", "12-31")).partition("-")
        return {
            "months": facts.get("months", 12),
            "month": month,
            "day": int(day),
            "needs_membership": facts.get("needs_membership", True),
        }

    def facts(self) -> dict[str, Any]:
        return {
            "months": self.months.data,
            "deadline": self.deadline,
            "needs_membership": self.needs_membership.data,
        }


class PolicyForm(Facts, DatedForm):
    """One policy whole. What its facts hold beside what is typed here stays."""

    category_id = Picked("For whom", description="One for a category goes before the one for every category.")

    def __init__(self, categories: Iterable[Category], of: Policy | None = None, **more: Any) -> None:
        self.kept = of.facts if of else {}
        super().__init__(obj=of, **{**(self.typed(of.facts) if of else {}), **more})
        listed = list(categories)
        self.category_id.choices = pairs(
            [("", "Every category"), *((str(one.id), one.name) for one in listed)]
        )
        self.prepare(listed)

    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        return {name: value for name, value in columns.items() if name not in self.says} | {
            "facts": {**self.kept, **self.facts()}
        }


class BeginPolicyForm(Facts, BeginForm):
    def __init__(self, categories: Iterable[Category], of: Policy, **more: Any) -> None:
        self.kept = of.facts
        super().__init__(obj=of, **{**self.typed(of.facts), **more})
        self.prepare(categories)

    def columns(self) -> dict[str, Any]:
        return {"facts": {**self.kept, **self.facts()}, **super().columns()}


class ProvidersForm(ProviderFacts, PolicyForm):
    """Who may give RSC that counts."""


class SourcesForm(SourceFacts, PolicyForm):
    """From how many providers it may come."""


class CycleForm(CycleFacts, PolicyForm):
    """How long a renewal period is, and when it ends."""


class BeginProvidersForm(ProviderFacts, BeginPolicyForm):
    """Who may give it from a day on."""


class BeginSourcesForm(SourceFacts, BeginPolicyForm):
    """From how many it may come from a day on."""


class BeginCycleForm(CycleFacts, BeginPolicyForm):
    """How one renews from a day on."""


FORMS: dict[PolicyKind, type[PolicyForm]] = {
    PolicyKind.PROVIDERS: ProvidersForm,
    PolicyKind.SOURCES: SourcesForm,
    PolicyKind.CYCLE: CycleForm,
}
BEGIN: dict[PolicyKind, type[BeginPolicyForm]] = {
    PolicyKind.PROVIDERS: BeginProvidersForm,
    PolicyKind.SOURCES: BeginSourcesForm,
    PolicyKind.CYCLE: BeginCycleForm,
}
