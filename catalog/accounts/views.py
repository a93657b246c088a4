"""Sign in, sign up, sign out, one's own account; for coordinators, everybody's."""

from flask import Blueprint, Response, current_app, redirect, request, session, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from catalog import web
from catalog.accounts import claims, passwords, queries, services
from catalog.accounts.forms import AccountForm, ClaimForm, SignInForm, SignUpForm
from catalog.accounts.models import Person
from catalog.extensions import db, login, start_writing

pages = Blueprint("accounts", __name__)

COOKIE = "sign_in"


@login.request_loader
def _person_of(_incoming: object) -> Person | None:
    token = request.cookies.get(COOKIE)
    return queries.person_signed_in(token) if token else None


@pages.get("/sign-in")
def sign_in() -> Response:
    return web.render("accounts/sign_in.html", form=SignInForm(), next=web.back_to("/"))


@pages.post("/sign-in")
def begin() -> Response:
    form = SignInForm()
    if form.validate():
        email, password = str(form.email.data), str(form.password.data)
        person = queries.account_with_email(email)
        known = person.id if person else None
        stored = person.password_hash if person else None
        # Checking a password takes a while; nobody else's write waits for it.
        start_writing()
        if passwords.is_right(stored, password):
            person = db.session.get_one(Person, known)
            if person.merged_into_id is None:
                return _signed_in(person)
            form.form_errors.append(_joined(person.merged_into_id))
        else:
            form.form_errors.append("The address and the password do not belong together.")
    return web.render("accounts/sign_in.html", status=422, form=form, next=web.back_to("/"))


def _joined(with_id: int) -> str:
    """Only for whoever knows the password of the account that is gone."""
    address = queries.masked(db.session.get_one(Person, with_id).email)
    return f"This account was joined with another one of yours. Sign in with the address {address} instead."


@pages.get("/sign-up")
def sign_up() -> Response:
    return web.render("accounts/sign_up.html", form=SignUpForm(), next=web.back_to("/"))


@pages.post("/sign-up")
def create() -> Response:
    form = SignUpForm()
    if form.validate():
        hashed = passwords.hash_of(str(form.password.data))
        try:
            return _signed_in(services.add_person(str(form.name.data), str(form.email.data), hashed))
        except services.EmailTaken as refusal:
            _help_to_claim(str(form.email.data))
            form.email.errors = [*form.email.errors, str(refusal)]
    return web.render("accounts/sign_up.html", status=422, form=form, next=web.back_to("/"))


def _help_to_claim(email: str) -> None:
    """The account may be one that was made for them; then the link to it goes to its address, and only there."""
    person = queries.person_with_email(email)
    if person and claims.is_unclaimed(person):
        claims.send_link(person)
        db.session.commit()


@pages.get("/claim/<token>")
def claim(token: str) -> Response:
    return _claim_page(token, ClaimForm())


@pages.post("/claim/<token>")
def take_over(token: str) -> Response:
    form = ClaimForm()
    if claims.person_of(token) is None or not form.validate():
        return _claim_page(token, form, 422)
    # Hashing a password takes a while; nobody else's write waits for it.
    start_writing()
    hashed = passwords.hash_of(str(form.password.data))
    person = claims.person_of(token)
    if person is None:
        return _claim_page(token, form, 422)
    services.claim(person, hashed)
    return _signed_in(person)


def _claim_page(token: str, form: ClaimForm, status: int = 200) -> Response:
    """For a link that is used, too old or wrong, all alike, the page says where to go instead."""
    person = claims.person_of(token)
    response = web.render("accounts/claim.html", status=status if person else 410, person=person, form=form)
    # The address opens the account: no other page is told where its reader came from.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@pages.post("/sign-out")
def sign_out() -> AnyResponse:
    services.end_sign_in(request.cookies.get(COOKIE, ""))
    db.session.commit()
    session.clear()
    response = redirect(url_for("browse.index"), 303)
    response.delete_cookie(COOKIE)
    return response


@pages.get("/account")
@login_required
def account() -> Response:
    return web.render("accounts/account.html", form=AccountForm(obj=current_user))


@pages.post("/account")
@login_required
def update() -> Response:
    form = AccountForm()
    if not form.validate():
        return web.render("accounts/account.html", status=422, form=form)
    services.change_account(
        current_user,
        name=str(form.name.data),
        county=form.county.data or None,
        zone=form.zone.data or None,
        licence=form.licence.data,
    )
    db.session.commit()
    return web.saved(url_for("accounts.account"), message="Saved.")


def _signed_in(person: Person) -> Response:
    """Open the sign-in, and give the browser its cookie and a new form token."""
    services.end_sign_in(request.cookies.get(COOKIE, ""))
    token = services.begin_sign_in(person, request.user_agent.string)
    db.session.commit()
    # A form that was opened before, by whoever, is not taken for theirs.
    session.clear()
    response = web.saved(web.back_to(url_for("browse.index")))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(services.STAY_SIGNED_IN.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


@pages.get("/people")
@web.needs("is_coordinator")
def people() -> Response:
    words, role = request.args.get("words", "")[:200].strip(), request.args.get("role", "")
    role = role if role in queries.ROLES else ""
    found = queries.people(words, role, request.args.get("page", 1, type=int))

    return web.render(
        "accounts/people.html",
        "accounts/_people.html",
        found=found,
        words=words,
        role=role,
        pager=web.pager(found.number, found.pages, words=words or None, role=role or None),
    )
