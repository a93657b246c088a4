"""`flask catalog work`: sends the mail and does the jobs that requests have written down."""

import signal
import threading
from typing import Any

import click
from flask import current_app

from catalog import clock
from catalog.accounts import services as accounts
from catalog.attendance.services import deadlines
from catalog.calendars import services as calendars
from catalog.certificates import services as certificates
from catalog.config import Settings
from catalog.courses import search
from catalog.endorsement.services import plans
from catalog.endorsement.services import recount as recounting
from catalog.enrollment import letters, queries, services
from catalog.evaluation import services as evaluation
from catalog.following import services as following
from catalog.groups import services as groups
from catalog.notices import services as notices
from catalog.notices import worker
from catalog.privacy import keeping
from catalog.privacy import services as privacy
from catalog.records import services as records
from catalog.reports import services as reports
from catalog.reports.standings import reckoning
from catalog.teaching import services as teaching
from catalog.watching import services as watching

HOURLY = (
    "rosters_due",
    "evaluations_due",
    "plan_steps_lost",
    "meetings_soon",
    "group_waitlists_end",
    "decisions_due",
    "searches_due",
    reports.JOB,
    reckoning.HOURLY,
    "daily",
)
"""What the worker asks for once an hour."""


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
def work(once: bool) -> None:
    """Send mail and do jobs until told to stop. Several may run at once; each may be killed at any moment."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.work(app, handlers(app.config["CATALOG"]), stop=stop, once=once, hourly=HOURLY)


def handlers(settings: Settings) -> dict[str, worker.Handler]:
    """What each kind of job means."""
    return {
        "mail": worker.send_mail(settings),
        "accounts_alike": lambda _job_id, _payload: accounts.look_for_alike(),
        "calendar_staff": calendar_staff,
        "certificate_batch": certificate_batch,
        "daily": lambda _job_id, _payload: daily(),
        "decisions_due": lambda _job_id, _payload: teaching.tell_of_decisions(),
        "evaluations_due": lambda _job_id, _payload: evaluation.ask(),
        "group_waitlists_end": group_waitlists_end,
        reports.JOB: lambda job_id, _payload: reports.count_for(job_id),
        "issue_certificates": issue_certificates,
        "lapse_offer": lapse_offer,
        "mail_forgotten": lambda _job_id, _payload: notices.forget(),
        "meetings_soon": lambda _job_id, _payload: services.remind(),
        "offering_changed": offering_changed,
        "plan_steps_lost": lambda _job_id, _payload: plans.mark_lost(),
        keeping.JOB: lambda _job_id, payload: keeping.forget_for(payload["kind"], settings.retention),
        watching.JOB: lambda _job_id, _payload: watching.check(),
        privacy.EXPORT_JOB: lambda _job_id, payload: privacy.make_export(payload["export_id"]),
        privacy.LEAVE_JOB: lambda _job_id, payload: privacy.leave(payload["departure_id"]),
        "recount": recount,
        "recount_person": recount_person,
        "reindex": reindex,
        "rosters_due": lambda _job_id, _payload: deadlines.remind(),
        "rosters_overdue": lambda _job_id, payload: deadlines.tell_coordinators(payload),
        "remind_of_offer": lambda _job_id, payload: services.remind_of_offer(**payload),
        "searches_due": lambda _job_id, _payload: following.ask_who_is_due(),
        "sessions_posted": lambda _job_id, payload: following.look_through(**payload),
        "tell_of_sessions": lambda _job_id, payload: following.tell(payload["person_id"]),
        "reissue_certificates": reissue_certificates,
        "render_certificate": render_certificate,
        reckoning.HOURLY: standings,
        reckoning.JOB: lambda _job_id, payload: reckoning.reckon_batch(payload),
    }


def daily() -> None:
    """Asked for every hour, and done once a day: a worker that was away all night begins when it comes back."""
    keeping.ask_for_all()
    watching.ask()
    notices.queue("accounts_alike", {}, dedupe_key=f"accounts_alike {clock.now():%Y-%m-%d}")


def lapse_offer(_job_id: int, payload: dict[str, Any]) -> None:
    """The time of an offer is over: if it is still unanswered, the seat goes to the next person, unless its letter
    left late."""
    enrollment = queries.enrollment_with_offering(payload["enrollment_id"])
    if enrollment and not services.hold_longer(enrollment):
        services.lapse(enrollment)


def offering_changed(_job_id: int, payload: dict[str, Any]) -> None:
    """Tell everyone on an offering what changed about it; a later date may let the queue move again."""
    offering = queries.offering_with_meetings(payload["offering_id"])
    if offering:
        services.settle_queue(offering)
        services.wait_for_joiners(offering)
        for row in queries.roster(offering):
            letters.changed(row.enrollment, payload["changes"])


def calendar_staff(_job_id: int, payload: dict[str, Any]) -> None:
    """A session was posted, changed or cancelled, or others lead it: those who teach it hear of it."""
    offering = queries.offering_with_meetings(payload["offering_id"])
    if offering:
        calendars.tell_staff(offering, clock.now())


def group_waitlists_end(_job_id: int, _payload: dict[str, Any]) -> None:
    """Groups that are closed by now: whoever still waits for a vacancy is told."""
    groups.end_waitlists()


def recount(_job_id: int, payload: dict[str, Any]) -> None:
    """A rule changed: the next batch of goals is reckoned by it."""
    zone = current_app.config["CATALOG"].site_zone
    recounting.reckon_batch(payload, clock.now(), clock.today(zone))


def recount_person(_job_id: int, payload: dict[str, Any]) -> None:
    """Two accounts of somebody became one: their goals are reckoned from all of it."""
    zone = current_app.config["CATALOG"].site_zone
    recounting.reckon_person(payload["person_id"], clock.now(), clock.today(zone))


def standings(_job_id: int, _payload: dict[str, Any]) -> None:
    """Reports ask how far everybody is: reckoned once an hour."""
    reckoning.begin(clock.now(), clock.today(current_app.config["CATALOG"].site_zone))


def reindex(_job_id: int, _payload: dict[str, Any]) -> None:
    """An area or a topic has another name now: courses are found by it."""
    search.reindex_all()


def issue_certificates(_job_id: int, payload: dict[str, Any]) -> None:
    """Hours became final, or what a certificate waited for was given: issue, supersede or revoke. Whoever finished
    the last part of a certificate course with it gets that course's certificate too."""
    certificates.issue_for_offering(payload["offering_id"])
    records.finish_courses(payload["offering_id"])


def reissue_certificates(_job_id: int, payload: dict[str, Any]) -> None:
    """Somebody has another name now."""
    certificates.reissue_for_person(payload["person_id"])


def render_certificate(_job_id: int, payload: dict[str, Any]) -> None:
    certificates.render(payload["certificate_id"])


def certificate_batch(_job_id: int, payload: dict[str, Any]) -> None:
    certificates.render_batch(payload["batch_id"])
