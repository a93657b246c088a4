"""Another password and another address, for whoever knows the password there is."""

from flask import Response, request, url_for
from flask_login import current_user, login_required

from catalog import web
from catalog.accounts import passwords, proofs, queries, services, tries
from catalog.accounts.forms import ChangeAddressForm, ChangePasswordForm
from catalog.accounts.models import Person
from catalog.accounts.views.blueprint import pages
from catalog.accounts.views.opening import of_a_link, signed_in
from catalog.errors import RuleBroken
from catalog.extensions import db, start_writing

WRONG = "This is not the password you have now."


@pages.get("/account/password")
@login_required
def edit_password() -> Response:
    return web.render("accounts/password.html", form=ChangePasswordForm())


@pages.post("/account/password")
@login_required
def change_password() -> Response:
    form = ChangePasswordForm().of(current_user)
    if not form.validate():
        return web.render("accounts/password.html", status=422, form=form)
    person = who_knows(str(form.current.data))
    if person is None:
        form.current.errors = [WRONG]
        return web.render("accounts/password.html", status=422, form=form)
    before, person_id = person.password_hash, person.id
    # Hashing a password takes a while; nobody else's write waits for it.
    start_writing()
    hashed = passwords.hash_of(str(form.password.data))
    person = db.session.get_one(Person, person_id)
    if person.password_hash != before:
        raise services.Overtaken
    services.change_password(person, hashed)
    return signed_in(person, url_for("accounts.account"))


@pages.get("/account/address")
@login_required
def edit_address() -> Response:
    return web.render("accounts/address.html", form=ChangeAddressForm())


@pages.post("/account/address")
@login_required
def change_address() -> Response:
    form = ChangeAddressForm()
    if not form.validate():
        return web.render("accounts/address.html", status=422, form=form)
    new = str(form.email.data)
    if (person := who_knows(str(form.current.data))) is None:
        form.current.errors = [WRONG]
        return web.render("accounts/address.html", status=422, form=form)
    tries.letter(new, request.remote_addr)
    try:
        services.ask_for_address(person, new)
    except services.SameAddress as refusal:
        db.session.rollback()
        form.email.errors = [str(refusal)]
        return web.render("accounts/address.html", status=422, form=form)
    db.session.commit()
    said = "A letter is on its way to the new address. Until you confirm it there, the old one stays."
    return web.saved(url_for("accounts.account"), message=said)


def who_knows(password: str) -> Person | None:
    """The person themself, if this is their password. Guesses at it are counted with those at the sign-in."""
    person_id, stored = current_user.id, current_user.password_hash
    keys = tries.password(current_user.email, request.remote_addr)
    db.session.commit()
    # Checking a password takes a while; nobody else's write waits for it.
    start_writing()
    if not passwords.is_right(stored, password):
        return None
    tries.right(keys)
    person = db.session.get_one(Person, person_id)
    return person if person.password_hash == stored else None


@pages.get("/address/<address_key>")
def new_address(address_key: str) -> Response:
    return _new_page(address_key)


@pages.post("/address/<address_key>")
def confirm_address(address_key: str) -> Response:
    change = proofs.change_to_confirm(address_key)
    if change is None:
        return _new_page(address_key)
    try:
        services.confirm_address(change)
    except RuleBroken:
        db.session.rollback()
        return _new_page("")
    db.session.commit()
    return web.saved(
        url_for("accounts.account"), message="Your new address is confirmed. Sign in with it from now on."
    )


def _new_page(address_key: str) -> Response:
    change = proofs.change_to_confirm(address_key)
    return of_a_link(web.render("accounts/new_address.html", status=200 if change else 410, change=change))


@pages.get("/not-me/<not_me_key>")
def not_me(not_me_key: str) -> Response:
    return _not_me_page(not_me_key)


@pages.post("/not-me/<not_me_key>")
def keep_address(not_me_key: str) -> Response:
    change = proofs.change_to_revoke(not_me_key)
    if change is None:
        return _not_me_page(not_me_key)
    email = change.old_email
    try:
        services.revoke_address(change)
    except services.UsedAlready:
        db.session.rollback()
        return _not_me_page("")
    db.session.commit()
    return of_a_link(web.render("accounts/kept_address.html", email=queries.masked(email)))


def _not_me_page(not_me_key: str) -> Response:
    change = proofs.change_to_revoke(not_me_key)
    new = queries.masked(change.new_email) if change else ""
    return of_a_link(
        web.render("accounts/not_me.html", status=200 if change else 410, change=change, new=new)
    )
