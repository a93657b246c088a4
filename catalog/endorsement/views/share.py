"""Links that show one goal: the person makes and revokes them; whoever has one reads without signing in.

Nothing is written down about who opens a link, because nothing changes on a GET but the count of wrong keys."""

from datetime import timedelta

from flask import Response, abort, current_app, session, url_for
from flask_login import current_user, login_required

from catalog import clock, limits, web
from catalog.endorsement import queries, services
from catalog.endorsement.access import own_goal
from catalog.endorsement.application import Application
from catalog.endorsement.figures import TONES, amount_said
from catalog.endorsement.forms import ShareForm
from catalog.endorsement.models import Goal, ShareLink
from catalog.endorsement.papers import drawing, tables
from catalog.endorsement.views.blueprint import pages
from catalog.endorsement.views.export import PDF, XLSX, file_of
from catalog.extensions import db

MINE = "/goal/<int:goal_id>/share"
SHARED = "/shared/<key>"
MOST_MISSES, WINDOW = 20, timedelta(minutes=10)
NEW = "new_share"
"""Where the session keeps a new link's key, from the form to the page that shows it once."""


@pages.get(MINE)
@login_required
def share(goal_id: int) -> Response:
    goal = own_goal(current_user, goal_id)
    new = session.pop(NEW, None) or {}
    key = new.get("key", "") if new.get("goal_id") == goal.id else ""
    return _page(goal, ShareForm(formdata=None), link=_address(key) if key else "")


@pages.post(MINE)
@login_required
def create_share(goal_id: int) -> Response:
    goal, form = own_goal(current_user, goal_id), ShareForm()
    if not form.validate():
        return _page(goal, form, 422)
    key = services.make_share(goal, form.label.data or "", form.days.data, by=current_user)
    db.session.commit()
    session[NEW] = {"goal_id": goal_id, "key": key}
    return web.saved(url_for(".share", goal_id=goal_id))


@pages.post(MINE + "/<int:share_id>/revoke")
@login_required
def revoke_share(goal_id: int, share_id: int) -> Response:
    link = queries.share_of(own_goal(current_user, goal_id), share_id) or abort(404)
    services.revoke_share(link, by=current_user)
    db.session.commit()
    return web.saved(
        url_for(".share", goal_id=goal_id), message="The link is taken back. It opens nothing now."
    )


@pages.get(SHARED)
def shared(key: str) -> Response:
    link = _opened(key)
    if link is None:
        return _missed()
    # Nobody is signed in here, whoever reads it: no form of theirs would work on a page that sends no referrer.
    page = web.render(
        "endorsement/shared.html",
        found=_for_others(link),
        link=link,
        key=key,
        tones=TONES,
        amount_said=amount_said,
        me=web.Stranger(),
    )
    return _hidden(page)


@pages.get(SHARED + "/export.pdf")
def shared_pdf(key: str) -> Response:
    link = _opened(key)
    if link is None:
        return _missed()
    made = drawing.pdf(_for_others(link), current_app.config["CATALOG"])
    return _hidden(file_of(made, link.goal, "pdf", PDF))


@pages.get(SHARED + "/export.xlsx")
def shared_xlsx(key: str) -> Response:
    link = _opened(key)
    if link is None:
        return _missed()
    return _hidden(file_of(tables.xlsx(_for_others(link)), link.goal, "xlsx", XLSX))


def _page(goal: Goal, form: ShareForm, status: int = 200, link: str = "") -> Response:
    now = clock.now()
    return web.render(
        "endorsement/share.html",
        status=status,
        goal=goal,
        form=form,
        link=link,
        links=queries.shares_of(goal, now),
        now=now,
    )


def _address(key: str) -> str:
    return str(current_app.config["CATALOG"].site_url) + url_for(".shared", key=key)


def _for_others(link: ShareLink) -> Application:
    return queries.application(link.goal, clock.now()).for_others()


def _tally() -> str:
    return f"shared {web.network()}"


def _opened(key: str) -> ShareLink | None:
    """Raises limits.TooOften for an address that has missed too often, whatever it asks for now."""
    limits.check(_tally(), MOST_MISSES, WINDOW)
    return queries.open_link(key, clock.now())


def _missed() -> Response:
    """The same answer for what was never there, has run out or was taken back."""
    limits.failed(_tally(), WINDOW)
    db.session.commit()
    return _hidden(web.render("endorsement/not_shared.html", status=404, me=web.Stranger()))


def _hidden(answer: Response) -> Response:
    """Kept by no cache, found by no search engine; and no other site learns the address from it."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
