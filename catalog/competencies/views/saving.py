"""How an edit is saved: what it changes and who is affected is shown first, and then it is sent once more."""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask import Response, abort, current_app, request, url_for
from flask_login import current_user
from wtforms import BooleanField, Field

from catalog import clock, web
from catalog.competencies import effects, services
from catalog.competencies.effects import Categories, Effects
from catalog.competencies.forms import FactForm
from catalog.competencies.forms.fields import HoursField
from catalog.competencies.models import Area, Category, HourRule, HourTag, Policy, Topic
from catalog.competencies.refusals import Stale
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.wording import hours


def today() -> date:
    return clock.today(current_app.config["CATALOG"].site_zone)


OURS = {"csrf_token", "previewed", "step"}
"""What a form carries beside what was typed."""


@dataclass(frozen=True)
class Saving:
    """One form that was sent. `apply` does what it asks for, and `page` shows the form again."""

    form: FactForm
    title: str
    page: Callable[..., Response]
    apply: Callable[[], object]
    back: str
    """Where one goes on from."""
    opened: FactForm | None = None
    """The same form with what is saved; None where something is added."""
    categories: Categories = frozenset()
    """Whose rules change; none where nobody's standing depends on it."""
    on: Callable[[], date] = today
    """The day for which it is reckoned who is affected; asked once the form is sound."""
    recounts: bool = True


class Difference(NamedTuple):
    label: str
    before: str | None
    after: str


class Preview(NamedTuple):
    """What is shown before it is saved. `typed` is sent again with it, and `digest` says that it was shown."""

    title: str
    url: str
    typed: list[tuple[str, str]]
    digest: str
    effects: Effects | None
    """None where nobody's standing depends on it."""
    back: str
    differences: Sequence[Difference] = ()
    told: Sequence[str] = ()


def save(saving: Saving) -> Response:
    """Show the form again, or what saving it would do, or save it."""
    if request.form.get("step") == "back":
        return saving.page()
    if not saving.form.validate():
        return saving.page(422)
    try:
        if not hmac.compare_digest(request.form.get("previewed", "").encode(), _digest().encode()):
            return _preview(saving)
        saving.apply()
    except Stale as refusal:
        db.session.rollback()
        return saving.page(409, str(refusal))
    except RuleBroken as refusal:
        db.session.rollback()
        saving.form.form_errors.append(str(refusal))
        return saving.page(422)
    if saving.recounts:
        effects.recount(saving.title, saving.categories, current_user)
    db.session.commit()
    return web.saved(saving.back, message="Saved.")


def _preview(saving: Saving) -> Response:
    found = effects.of(saving.categories, saving.on(), saving.apply)
    # Nothing was changed; whoever waits for the lock need not wait for the page.
    db.session.rollback()
    return preview_page(
        Preview(
            saving.title,
            request.path,
            _typed(),
            _digest(),
            found if saving.recounts else None,
            saving.back,
            _differences(saving),
        )
    )


def preview_page(preview: Preview) -> Response:
    return web.render("competencies/preview.html", today=today(), **preview._asdict())


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in OURS]


def _digest() -> str:
    return sealed(request.path, _typed())


def sealed(*parts: Any) -> str:
    """What only this catalog can write under what it has shown. Browsers may change how lines end."""
    said = json.dumps(parts).replace("\\r\\n", "\\n")
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"shown before saving" + said.encode(), hashlib.sha256).hexdigest()


def _differences(saving: Saving) -> list[Difference]:
    told = []
    for name, typed in saving.form._fields.items():
        if name == "csrf_token":
            continue
        after = _shown(typed)
        before = _shown(saving.opened[name]) if saving.opened and name in saving.opened else None
        if after != (before or "nothing"):
            told.append(Difference(typed.label.text, before, after))
    return told


def _shown(one: Field) -> str:
    """A field's value in words."""
    if isinstance(one, BooleanField):
        return "yes" if one.data else "no"
    if isinstance(one, HoursField) and one.data is not None:
        return hours(one.data)
    if hasattr(one, "iter_choices"):
        chosen = [choice.label for choice in one.iter_choices() if choice.selected]
        return ", ".join(chosen) or "nothing"
    return (one._value() if hasattr(one, "_value") else str(one.data or "")) or "nothing"


def differs_from_saved(form: FactForm, fresh: FactForm) -> list[tuple[str, str]]:
    """What is saved now where it is not what was typed: the field's label and its value."""
    return [
        (one.label.text, _shown(fresh[name]))
        for name, one in form._fields.items()
        if name != "csrf_token" and name in fresh and fresh[name].data != one.data
    ]


# What pages of one fact have in common.

Fact = Area | Topic | HourRule | Policy | Category | HourTag


def fact_of(model: type[Any], fact_id: int) -> Any:
    found = db.get_or_404(model, fact_id)
    return abort(404) if found.retired_in else found


def shown(
    page: str,
    form: FactForm,
    fact: Fact | None,
    status: int = 200,
    refusal: str | None = None,
    **more: Any,
) -> Response:
    """The page of a form. One that is shown again keeps what it was opened with, except after it was told what is
    saved now."""
    is_sent = request.method == "POST" and status != 409
    seen = request.form.get("seen", "") if is_sent or fact is None else services.stand(fact)
    context = {"saved": [], **more}
    return web.render(page, status=status, form=form, fact=fact, seen=seen, refusal=refusal, **context)


def index_url(anchor: str) -> str:
    return url_for("competencies.index") + anchor


def seen() -> str:
    return request.form.get("seen", "")
