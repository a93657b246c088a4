"""What anybody may see who has the number, and the looking up of numbers. Guesses are counted."""

from datetime import timedelta

from flask import Response, current_app, make_response, redirect, request, url_for
from flask_login import current_user

from catalog import limits, web
from catalog.certificates import lines, queries
from catalog.certificates.access import may_have_paper
from catalog.certificates.drawing import heading
from catalog.certificates.forms import LookUpForm
from catalog.certificates.models import Certificate
from catalog.certificates.queries import progress
from catalog.certificates.views.blueprint import pages
from catalog.extensions import db

MOST_MISSES, WINDOW = 20, timedelta(minutes=10)
NOT_FOUND = "There is no certificate with this number. Please compare it with the paper, letter by letter."


@pages.get("/c/<number>")
def show(number: str) -> Response:
    certificate = _found(number)
    if certificate is None:
        return _missed(LookUpForm(formdata=None))
    site_url = current_app.config["CATALOG"].site_url
    may_have = current_user.is_authenticated and may_have_paper(current_user, certificate)
    page = web.render(
        "certificates/show.html",
        certificate=certificate,
        heading=heading(certificate),
        newest=queries.newest(certificate),
        groups=lines.groups(certificate, site_url),
        may_have_paper=may_have,
        has_page=may_have and progress.has_page(certificate),
    )
    # Asked for each time: one that is revoked is shown as revoked at once.
    return web.may_be_shared(_hidden(page), is_kept=False)


@pages.get("/certificates")
def look_up() -> Response:
    form, typed = LookUpForm(request.args), request.args.get("number", "")
    if not typed.strip():
        return web.render("certificates/look_up.html", form=form, problem="")
    certificate = _found(typed)
    if certificate is None:
        return _missed(form)
    return _hidden(make_response(redirect(url_for(".show", number=certificate.number), 303)))


def _key() -> str:
    return f"certificate {web.network()}"


def _found(typed: str) -> Certificate | None:
    """Raises limits.TooOften for an address that has missed too often, whatever it asks for now."""
    limits.check(_key(), MOST_MISSES, WINDOW)
    return queries.numbered(typed)


def _missed(form: LookUpForm) -> Response:
    """The same answer for a number that does not exist and for what cannot be one."""
    limits.failed(_key(), WINDOW)
    db.session.commit()
    return _hidden(web.render("certificates/look_up.html", status=404, form=form, problem=NOT_FOUND))


def _hidden(response: Response) -> Response:
    """Not for search engines; the page says so itself, too."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
