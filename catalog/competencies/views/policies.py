"""Policies: who may give RSC, from how many providers, when one renews. Each kind has a form of its own."""

from datetime import date
from typing import Any

from flask import Response
from flask_login import current_user

from catalog import web
from catalog.competencies import queries, services
from catalog.competencies.effects import Categories
from catalog.competencies.forms import BEGIN, FORMS, BeginPolicyForm, PolicyForm
from catalog.competencies.models import Policy, PolicyKind
from catalog.competencies.views.blueprint import pages
from catalog.competencies.views.saving import (
    Saving,
    differs_from_saved,
    fact_of,
    index_url,
    save,
    seen,
    shown,
    today,
)
from catalog.competencies.wording import POLICIES

ALL = "/framework/policies"
ONE = ALL + "/<int:policy_id>"
NEW = ALL + f"/new/<any({', '.join(PolicyKind)}):kind>"
MATTERS = ("category_id", "facts", "effective_from", "effective_until", "is_enabled")
BACK = "#policies"


@pages.get(NEW)
@web.needs("is_coordinator")
def new_policy(kind: str) -> Response:
    return _page(PolicyKind(kind), _form(PolicyKind(kind), formdata=None), None)


@pages.post(NEW)
@web.needs("is_coordinator")
def create_policy(kind: str) -> Response:
    of = PolicyKind(kind)
    form = _form(of)

    def page(status: int = 200, refusal: str | None = None) -> Response:
        return _page(of, form, None, status)

    return save(
        Saving(
            form,
            f"{POLICIES[of]}: a new policy",
            page,
            apply=lambda: services.add_policy({"kind": of, **form.columns()}, by=current_user),
            back=index_url(BACK),
            categories=_touched(form),
            on=lambda: _first_day(None, form),
        )
    )


@pages.get(ONE + "/edit")
@web.needs("is_coordinator")
def edit_policy(policy_id: int) -> Response:
    policy = fact_of(Policy, policy_id)
    return _page(policy.kind, _form(policy.kind, policy, formdata=None), policy)


@pages.post(ONE)
@web.needs("is_coordinator")
def update_policy(policy_id: int) -> Response:
    policy = fact_of(Policy, policy_id)
    form, opened = _form(policy.kind, policy), _form(policy.kind, policy, formdata=None)

    def page(status: int = 200, refusal: str | None = None) -> Response:
        saved = differs_from_saved(form, _form(policy.kind, policy, formdata=None)) if refusal else []
        return _page(policy.kind, form, policy, status, refusal=refusal, saved=saved)

    return save(
        Saving(
            form,
            POLICIES[policy.kind],
            page,
            apply=lambda: services.edit_policy(policy, form.columns(), by=current_user, seen=seen()),
            back=index_url(BACK),
            opened=opened,
            categories=_touched(form, policy),
            on=lambda: _first_day(policy, form),
        )
    )


@pages.get(ONE + "/from")
@web.needs("is_coordinator")
def next_policy(policy_id: int) -> Response:
    policy = fact_of(Policy, policy_id)
    return _next_page(_next_form(policy, formdata=None), policy)


@pages.post(ONE + "/from")
@web.needs("is_coordinator")
def begin_policy(policy_id: int) -> Response:
    policy = fact_of(Policy, policy_id)
    form = _next_form(policy)

    def page(status: int = 200, refusal: str | None = None) -> Response:
        saved = differs_from_saved(form, _next_form(policy, formdata=None)) if refusal else []
        return _next_page(form, policy, status, refusal=refusal, saved=saved)

    def begin() -> object:
        return services.begin(
            policy, form.begins_on.data or today(), form.columns(), by=current_user, seen=seen()
        )

    return save(
        Saving(
            form,
            POLICIES[policy.kind],
            page,
            apply=begin,
            back=index_url(BACK),
            opened=_next_form(policy, formdata=None),
            categories={policy.category_id} if policy.category_id else None,
            on=lambda: max(form.begins_on.data or today(), today()),
        )
    )


def _form(kind: PolicyKind, policy: Policy | None = None, **more: Any) -> PolicyForm:
    return FORMS[kind](queries.every_category(), policy, **more)


def _next_form(policy: Policy, **more: Any) -> BeginPolicyForm:
    return BEGIN[policy.kind](queries.every_category(), policy, **more)


def _page(
    kind: PolicyKind, form: PolicyForm, policy: Policy | None, status: int = 200, **more: Any
) -> Response:
    page = "competencies/edit_policy.html" if policy else "competencies/new_policy.html"
    return shown(page, form, policy, status, kind=kind, title=POLICIES[kind], back=BACK, **more)


def _next_page(form: BeginPolicyForm, policy: Policy, status: int = 200, **more: Any) -> Response:
    title = POLICIES[policy.kind]
    return shown("competencies/next_policy.html", form, policy, status, title=title, back=BACK, **more)


def _touched(form: PolicyForm, policy: Policy | None = None) -> Categories:
    """Whose rules change; every category's where one of the two speaks for all."""
    ids = [form.category_id.data, *([policy.category_id] if policy else [])]
    return None if None in ids else {one for one in ids if one is not None}


def _first_day(policy: Policy | None, form: PolicyForm) -> date:
    columns = form.columns()
    before = {name: getattr(policy, name) for name in MATTERS} if policy else None
    return services.first_day_changed(before, {name: columns[name] for name in MATTERS}, today())
