"""The two ledgers line by line; one entry of hours from elsewhere with its history and its file."""

from typing import Any

from flask import Response, abort, url_for
from flask_login import current_user, login_required

from catalog import clock, web
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.records import queries, services
from catalog.records.access import entry_to_read, entry_to_write, may_write, person_to_read
from catalog.records.books import books
from catalog.records.forms import CheckForm, ReturnForm
from catalog.records.models import HourEntry
from catalog.records.views.blueprint import pages
from catalog.records.views.files import handed_out
from catalog.records.wording import ENTRY_STATES, ENTRY_TONES, SOURCES, entry_said
from catalog.records.written import changes, facts

LIST = "/learning/hours"
ONE = LIST + "/<int:entry_id>"


@pages.get(LIST)
@login_required
def hours() -> Response:
    return _books_page(current_user)


@pages.get("/people/<int:person_id>/hours")
@web.needs("is_coordinator")
def person_hours(person_id: int) -> Response:
    return _books_page(person_to_read(person_id))


def _books_page(person: Person) -> Response:
    return web.render(
        "records/hours.html",
        person=person,
        is_mine=person.id == current_user.id,
        books=books(queries.ledger(person.id, clock.now()), queries.names()),
        withdrawn=queries.withdrawn_of(person.id),
    )


@pages.get(ONE)
@login_required
def show_hours(entry_id: int) -> Response:
    return entry_page(entry_to_read(current_user, entry_id))


@pages.get(ONE + "/evidence")
@login_required
def hours_evidence(entry_id: int) -> Response:
    return handed_out(queries.file_of(entry_to_read(current_user, entry_id)) or abort(404))


@pages.post(ONE + "/withdraw")
@login_required
def withdraw_hours(entry_id: int) -> Response:
    services.withdraw_hours(entry_to_write(current_user, entry_id), by=current_user)
    db.session.commit()
    return web.saved(entry_url(entry_id), message="It is taken back and counts no more. You can put it back.")


@pages.post(ONE + "/put-back")
@login_required
def put_back_hours(entry_id: int) -> Response:
    made = services.put_back_hours(entry_to_write(current_user, entry_id), by=current_user)
    db.session.commit()
    return web.saved(entry_url(made.id), message="It is back.")


def entry_url(entry_id: int) -> str:
    return url_for(".show_hours", entry_id=entry_id)


def entry_page(found: HourEntry, status: int = 200, form: ReturnForm | None = None) -> Response:
    """For the person, and for the coordinators with what they may do."""
    form = form or ReturnForm(formdata=None)
    form.seen.data = services.seen_of(found)
    form.seen.raw_data = None
    every = queries.versions(found)
    return web.render(
        "records/show_hours.html",
        status=status,
        entry=found,
        facts=facts(found),
        is_mine=found.person_id == current_user.id,
        may_write=may_write(current_user, found),
        latest=every[-1],
        history=_history(every),
        twins=queries.twins(found.person_id, found.ledger, found.ended_on, found.minutes, but=found.id)
        if found.counts
        else [],
        check=CheckForm(formdata=None, seen=services.seen_of(found)),
        form=form,
        names=queries.names(),
        **said(),
    )


def _history(every: Any) -> list[tuple[HourEntry, list[tuple[str, str, str]]]]:
    """Every version, the latest first, with what it changed of the one before."""
    pairs = zip(every, [None, *every[:-1]], strict=True)
    return [(one, changes(before, one) if before else []) for one, before in pairs][::-1]


def said() -> dict[str, Any]:
    return {
        "states": ENTRY_STATES,
        "tones": ENTRY_TONES,
        "entry_said": entry_said,
        "sources": SOURCES,
    }
