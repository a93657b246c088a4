"""Refusals and errors, each as a page that says what to do, or as a message where htmx asked for a part."""

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from catalog import logs, metrics, outages
from catalog.errors import RuleBroken
from catalog.extensions import db
from catalog.limits import TooOften
from catalog.web.answers import READS, is_fragment, page_of_form
from catalog.web.around import route_asked
from catalog.web.site import Stranger

RETRY_AFTER_SECONDS = 30
"""When to come back while the data cannot be reached."""

SENTENCES = {
    400: ("That request could not be read", "Go back and try again."),
    403: ("This is not yours to see", "It belongs to somebody else, or to another role than yours."),
    404: ("There is nothing here", "The address may be mistyped, or what was here is gone."),
    405: ("That cannot be done here", "Go back and use the button on the page."),
    413: ("That was too large", "Nothing was saved. Send less at once."),
    429: ("That was tried too often", "Wait a few minutes and try again."),
    500: ("Something went wrong on our side", "Nothing you sent was half saved. Please try again."),
    503: (
        "One moment, please",
        "The catalog cannot get at its data just now, so nothing you sent was saved yet. "
        "Wait half a minute and try again; what you typed is still there when you go back.",
    ),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(RuleBroken, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(Exception, _unexpected)


def _refused(error: RuleBroken) -> Response:
    """A rule said no, and no form was there to say it beside a field."""
    db.session.rollback()
    if is_fragment():
        flash(str(error), "error")
        # 422 because htmx swaps it; the page that was asked for stays as it is and the messages say why.
        response = make_response(render_template("_flashes.html", oob=False), 422)
        response.headers["HX-Retarget"] = "#flashes"
        response.headers["HX-Reswap"] = "outerHTML"
        return response
    return page(409, "That did not work", str(error), back=page_of_form())


def _too_often(error: TooOften) -> Response:
    db.session.rollback()
    if is_fragment():
        flash(str(error), "error")
        response = make_response(render_template("_flashes.html", oob=False), 429)
        response.headers["HX-Retarget"] = "#flashes"
        response.headers["HX-Reswap"] = "outerHTML"
    else:
        response = page(429, SENTENCES[429][0], str(error))
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _form_expired(error: CSRFError) -> Response:
    sentence = (
        "This page was open for too long, or in another sign-in. Go back, reload it, and send it again."
    )
    response = page(400, "Please send it again", sentence)
    if is_fragment():
        response.headers["HX-Refresh"] = "true"
    return response


def _error_page(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400 and error.response:
        return make_response(error.response)
    title, sentence = SENTENCES.get(code, (error.name, ""))
    response = page(code, title, sentence)
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _unexpected(error: Exception) -> Response:
    is_outage = outages.passes(error)
    # Whatever the session holds on to is let go; a rollback would ask a database that may be away.
    if is_outage:
        db.session().invalidate()
        db.session.remove()
    else:
        db.session.rollback()
    # The page does not ask who is reading: it may be the database that is away.
    g._login_user = Stranger()
    if is_outage:
        current_app.logger.error("the data cannot be reached: %s", outages.first_line(error))
        response = page(503, *SENTENCES[503], back=page_of_form())
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    if current_app.testing:
        raise error
    logs.log.error(
        "unexpected error",
        exc_info=error,
        extra={"facts": {"method": request.method, "route": route_asked()}},
    )
    if current_app.config["CATALOG"].metrics_token:
        metrics.failed(route_asked(), error)
    return page(500, *SENTENCES[500])


def page(code: int, title: str, sentence: str, back: str = "/") -> Response:
    """A page of its own for a refusal; `back` is where one goes on from."""
    number = logs.request_id.get() if code >= 500 else ""
    page = render_template(
        "errors/error.html", code=code, title=title, sentence=sentence, back=back, number=number
    )
    return make_response(page, code)


def ask_to_sign_in() -> Response:
    """Back to where one was after signing in; a form that was sent leads back to the page it stood on."""
    here = request.full_path.rstrip("?") if request.method in READS else page_of_form()
    url = url_for("accounts.sign_in", next=here)
    if is_fragment():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url
        return response
    return make_response(redirect(url, 303))
