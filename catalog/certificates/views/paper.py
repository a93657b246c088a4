"""The PDF of one certificate, and taking a certificate out of force."""

from flask import Response, make_response, redirect, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.certificates import archive, services
from catalog.certificates.access import certificate_for_paper, certificate_to_revoke
from catalog.certificates.forms import RevokeForm
from catalog.certificates.models import Certificate
from catalog.certificates.queries import progress
from catalog.certificates.refusals import NotInForce
from catalog.certificates.views.blueprint import pages
from catalog.extensions import db, start_writing


@pages.get("/c/<number>.pdf")
@login_required
def pdf(number: str) -> Response:
    certificate = certificate_for_paper(current_user, number)
    content = progress.page_of(certificate)
    if content is None:
        return make_response(redirect(url_for(".making", number=certificate.number), 303))
    return file_of(content, archive.file_name(certificate))


@pages.get("/c/<number>/paper")
@login_required
def making(number: str) -> Response:
    """Says that the page is being made, and asks the worker for it where nobody did: it is only kept, like what a
    browser keeps, and changes nothing that anybody could see."""
    certificate = certificate_for_paper(current_user, number)
    if not progress.has_page(certificate):
        start_writing()
        services.ask_for_pages([certificate.id])
        db.session.commit()
    return web.render(
        "certificates/making.html",
        "certificates/_making.html",
        certificate=certificate,
        is_made=progress.has_page(certificate),
    )


@pages.get("/c/<number>/revoke")
@web.needs("is_coordinator")
def ask_revoke(number: str) -> Response:
    return _revoke_page(certificate_to_revoke(number), RevokeForm(formdata=None))


@pages.post("/c/<number>/revoke")
@web.needs("is_coordinator")
def revoke(number: str) -> Response:
    certificate, form = certificate_to_revoke(number), RevokeForm()
    if not form.validate():
        return _revoke_page(certificate, form, 422)
    try:
        services.revoke(certificate, by=current_user, reason=form.reason.data or "")
    except NotInForce as refusal:
        form.form_errors.append(str(refusal))
        return _revoke_page(certificate, form, 409)
    db.session.commit()
    return web.saved(url_for(".show", number=certificate.number), message="The certificate is revoked.")


def _revoke_page(certificate: Certificate, form: RevokeForm, status: int = 200) -> Response:
    return web.render("certificates/ask_revoke.html", status=status, certificate=certificate, form=form)


def file_of(content: bytes, name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
