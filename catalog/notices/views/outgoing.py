"""For coordinators: what waits to be mailed, what was given up and why, and what became of each person's mail."""

from flask import Response, abort, request, url_for
from flask_login import current_user

from catalog import clock, web
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices import queries, services
from catalog.notices.models import Bounce
from catalog.notices.outcomes import NO_ADDRESS
from catalog.notices.queries.outgoing import KEPT, PER_PAGE
from catalog.notices.views.blueprint import pages

OF_PERSON = "/people/<int:person_id>/mail"


@pages.get("/mail")
@web.needs("is_coordinator")
def outgoing() -> Response:
    found = queries.outgoing()
    count = max(1, -(-found.given_up // PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), count)
    return web.render(
        "notices/outgoing.html",
        outgoing=found,
        waits=queries.held_up(clock.now()),
        dead=queries.dead(number),
        alike=queries.alike(),
        most=queries.MOST_COUNTED,
        pages=web.pager(number, count),
    )


@pages.post("/mail/again")
@web.needs("is_coordinator")
def send_all_again() -> Response:
    count = services.send_all_again(by=current_user)
    db.session.commit()
    sentence = "1 letter is sent again." if count == 1 else f"{count} letters are sent again."
    return web.saved(url_for(".outgoing"), message=sentence)


@pages.post("/mail/<int:job_id>/again")
@web.needs("is_coordinator")
def send_again(job_id: int) -> Response:
    services.send_again(job_id, by=current_user)
    db.session.commit()
    return web.saved(web.back_to(url_for(".outgoing")), message="The letter is sent again.")


@pages.post("/mail/addresses/<int:bounce_id>/again")
@web.needs("is_coordinator")
def try_alike_again(bounce_id: int) -> Response:
    count = services.try_alike_again(db.session.get(Bounce, bounce_id) or abort(404), by=current_user)
    db.session.commit()
    to = {0: "no more addresses than before", 1: "1 address again"}.get(count, f"{count:,} addresses again")
    return web.saved(url_for(".outgoing"), message=f"Letters go to {to}.")


@pages.get(OF_PERSON)
@web.needs("is_coordinator")
def person_mail(person_id: int) -> Response:
    person = _person(person_id)
    found = queries.mail_of(person, request.args.get("page", 1, type=int))
    return web.render(
        "notices/person_mail.html",
        person=person,
        found=found,
        pages=web.pager(found.number, found.pages),
        addresses=queries.addresses(person),
        no_address=NO_ADDRESS,
        kept_since=clock.now() - KEPT,
    )


@pages.post(OF_PERSON + "/address")
@web.needs("is_coordinator")
def try_again(person_id: int) -> Response:
    person = _person(person_id)
    if not services.try_again(person, request.form.get("address", ""), by=current_user):
        abort(404)
    db.session.commit()
    return web.saved(
        web.back_to(url_for(".person_mail", person_id=person_id)), message="Letters go to this address again."
    )


def _person(person_id: int) -> Person:
    return db.session.get(Person, person_id) or abort(404)
