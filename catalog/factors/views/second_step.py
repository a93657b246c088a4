"""The second step of a sign-in, and signing in with a passkey alone."""

from datetime import timedelta

from flask import Response, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from catalog import limits, web
from catalog.accounts.forms import SignInForm
from catalog.accounts.models import Person
from catalog.accounts.views.opening import signed_in
from catalog.extensions import db, start_writing
from catalog.factors import queries
from catalog.factors.forms import CodeForm, PasskeyForm
from catalog.factors.models import Asking, Passkey
from catalog.factors.services import passkeys
from catalog.factors.views import access, trying
from catalog.factors.views.blueprint import pages

ASKED_FOR = "passkey"
"""Where the browser's own session keeps the number of the challenge that was made for it."""
MOST_ASKED, WINDOW = 100, timedelta(minutes=10)


@pages.get("/sign-in/second-step")
def second_step() -> AnyResponse:
    waiting = access.half_open()
    return _page(waiting.person, CodeForm()) if waiting else _elsewhere()


@pages.post("/sign-in/second-step")
def enter_code() -> AnyResponse:
    waiting = access.half_open()
    if waiting is None:
        return _elsewhere()
    person, form = waiting.person, CodeForm()
    if form.validate() and trying.is_right_code(person, str(form.code.data)):
        return signed_in(person, has_factor=True)
    if not form.errors:
        form.code.errors = ["That is not the code. Each works once: wait until the app shows the next one."]
    return _page(person, form, 422)


@pages.post("/sign-in/second-step/passkey/options")
def ask_for_passkey() -> AnyResponse:
    waiting = access.half_open()
    return asked(Asking.STEP, waiting.person) if waiting else _elsewhere()


@pages.post("/sign-in/second-step/passkey")
def enter_passkey() -> AnyResponse:
    waiting = access.half_open()
    if waiting is None:
        return _elsewhere()
    person = waiting.person
    if shown(Asking.STEP, person):
        return signed_in(person, has_factor=True)
    form = CodeForm(formdata=None)
    form.form_errors.append(passkeys.NotAPasskey.sentence)
    return _page(person, form, 422)


def _page(person: Person, form: CodeForm, status: int = 200) -> Response:
    return web.render(
        "factors/second_step.html",
        status=status,
        form=form,
        factors=queries.factors_of(person),
        passkey_form=PasskeyForm(formdata=None),
        next=web.back_to("/"),
    )


def _elsewhere() -> AnyResponse:
    """Ten minutes are over, or there was no password yet; or the person is in already."""
    if current_user.is_authenticated:
        return web.saved(web.back_to(url_for("browse.index")))
    return redirect(url_for("accounts.sign_in", next=web.back_to("/")), 303)


# With a passkey alone.


@pages.post("/sign-in/passkey/options")
def ask_whose_passkey() -> Response:
    """Each makes a row, so an address may ask for so many only."""
    limits.count_try(f"passkeys {web.network()}", MOST_ASKED, WINDOW)
    return asked(Asking.SIGN_IN, None)


@pages.post("/sign-in/passkey")
def sign_in_with_passkey() -> Response:
    passkey = passkey_shown(Asking.SIGN_IN, None)
    if passkey and passkey.person.merged_into_id is None and passkey.person.left_at is None:
        return signed_in(passkey.person, has_factor=True)
    db.session.rollback()
    form = SignInForm(formdata=None)
    form.form_errors.append("That passkey is not known here. Sign in with your address and password.")
    return web.render("accounts/sign_in.html", status=422, form=form, next=web.back_to("/"))


# What every question to a passkey shares.


def asked(purpose: Asking, person: Person | None) -> Response:
    """The question as JSON. Its number stays in this browser's session: no other browser can answer it."""
    question = passkeys.ask(purpose, person)
    db.session.commit()
    session[ASKED_FOR] = question.number
    return Response(question.options, mimetype="application/json")


def challenge_taken(purpose: Asking, person: Person | None) -> bytes | None:
    """Used up before the answer is looked at: there is no second try for it."""
    challenge = passkeys.take(session.pop(ASKED_FOR, None), purpose, person)
    db.session.commit()
    start_writing()
    return challenge


def passkey_shown(purpose: Asking, person: Person | None) -> Passkey | None:
    """The passkey that answered, right; it is the person's own where it is known who they are.

    The view commits a right answer; what is to be told of a wrong one is committed here."""
    challenge = challenge_taken(purpose, person)
    answer = request.form.get("credential", "")
    passkey = passkeys.owner(answer)
    if passkey is None or (person is not None and passkey.person_id != person.id):
        return None
    if passkeys.accept(passkey, answer, challenge):
        return passkey
    db.session.commit()
    return None


def shown(purpose: Asking, person: Person) -> bool:
    return passkey_shown(purpose, person) is not None
