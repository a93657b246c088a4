"""What people want to be told: on their account, and by the link in a letter, without signing in."""

from flask import Response, abort, make_response, redirect, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from catalog import web
from catalog.extensions import csrf, db
from catalog.notices import muting, queries, services
from catalog.notices.forms import GROUPS, SecondAddressForm, WishesForm, letters_for
from catalog.notices.models import Muted
from catalog.notices.muting import Ended
from catalog.notices.views.blueprint import pages

ACCOUNT = "/account/mail"
UNWANTED = muting.PATH + "<signed>"


@pages.get(ACCOUNT)
@login_required
def preferences() -> Response:
    return _page(WishesForm(current_user, queries.muted_by(current_user)), _second())


@pages.post(ACCOUNT)
@login_required
def choose() -> Response:
    form = WishesForm(current_user, queries.muted_by(current_user))
    if not form.validate():
        return _page(form, _second(), 422)
    services.choose(current_user, form.shown, form.wanted)
    db.session.commit()
    return web.saved(url_for(".preferences"), message="Saved. You get the letters that are ticked.")


@pages.post(ACCOUNT + "/address")
@login_required
def change_second_address() -> Response:
    form = SecondAddressForm()
    if form.validate():
        try:
            services.change_second_address(current_user, str(form.second_email.data or "").strip())
        except services.SameAddress as refusal:
            form.second_email.errors = [str(refusal)]
        else:
            db.session.commit()
            return web.saved(url_for(".preferences"), message="Your second address is saved.")
    return _page(WishesForm(current_user, queries.muted_by(current_user)), form, 422)


@pages.post(ACCOUNT + "/again")
@login_required
def try_own_again() -> Response:
    if not services.try_again(current_user, request.form.get("address", ""), by=current_user):
        abort(404)
    db.session.commit()
    return web.saved(url_for(".preferences"), message="Letters go to this address again.")


def _second() -> SecondAddressForm:
    return SecondAddressForm(formdata=None, obj=current_user)


def _page(wishes: WishesForm, second: SecondAddressForm, status: int = 200) -> Response:
    return web.render(
        "notices/preferences.html",
        status=status,
        form=wishes,
        second=second,
        addresses=queries.addresses(current_user),
        always=[one for one in letters_for(current_user) if not one.can_be_muted],
        groups=GROUPS,
    )


# By the link in a letter.


@pages.get(UNWANTED)
def unwanted(signed: str) -> Response:
    return _link_page(signed, _ended(signed))


@pages.post(UNWANTED)
@csrf.exempt
def end(signed: str) -> AnyResponse:
    """RFC 8058: a mail program sends this for its reader, who is not signed in and has no page of ours open. The
    signed link is the permission. It is answered at once, without leading on."""
    ended = _ended(signed)
    services.mute(ended.person, ended.letter)
    db.session.commit()
    if request.form.get("List-Unsubscribe") == "One-Click":
        return make_response("It is done.\n", 200, {"Content-Type": "text/plain; charset=utf-8"})
    return redirect(url_for(".unwanted", signed=signed), 303)


@pages.post(UNWANTED + "/undo")
def want_again(signed: str) -> Response:
    ended = _ended(signed)
    services.unmute(ended.person, ended.letter)
    db.session.commit()
    return web.saved(url_for(".unwanted", signed=signed), message="You get these letters again.")


def _ended(signed: str) -> Ended:
    return muting.of(signed) or abort(404)


def _link_page(signed: str, ended: Ended) -> Response:
    """It names no person: whoever was sent the letter on reads only which kind it is about."""
    is_ended = db.session.get(Muted, (ended.person.id, ended.letter.kind)) is not None
    response = web.render("notices/unwanted.html", signed=signed, letter=ended.letter, is_ended=is_ended)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
