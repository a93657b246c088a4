"""Certificates of an offering: for everybody whose hours are final, and in line with them."""

from collections.abc import Sequence

from flask import current_app

from catalog import clock
from catalog.attendance import queries as attendance
from catalog.attendance.models import Credit
from catalog.certificates import facts as saying
from catalog.certificates import mapping, queries
from catalog.certificates.facts import Facts
from catalog.certificates.models import Certificate, CertificateKind
from catalog.certificates.queries import sources
from catalog.certificates.services.standing import blank, revoke, settle
from catalog.competencies import queries as competencies
from catalog.config import Settings
from catalog.courses.models import Offering
from catalog.enrollment import seats
from catalog.evaluation import queries as evaluation

NONE_LEFT = "The hours were corrected, and none are left."


def issue_for_offering(offering_id: int) -> list[Certificate]:
    """Issue, supersede or revoke whatever the hours in force ask for, and give the certificates that are new.

    Done twice it does nothing more. While the roster is open everything stays as it is. Hours that do not count,
    such as those of a group without a qualified facilitator, are certified too, and say that they do not count.
    One transaction at a time works on an offering; the database refuses a second certificate in force."""
    offering = sources.offering_to_certify(offering_id)
    if offering is None:
        return []
    seats.lock(offering)
    if not sources.is_settled(offering):
        return []
    earned = _earned(offering)
    latest = {one.person_id: one for one in queries.certificates_of(offering)}
    for person_id, standing in latest.items():
        if standing.is_in_force and person_id not in earned:
            revoke(standing, by=None, reason=NONE_LEFT)
    missing = evaluation.is_missing([mine[0].enrollment_id for mine in earned.values()])
    new = [
        settle(
            latest.get(wanted.person_id),
            wanted,
            may_begin=earned[wanted.person_id][0].enrollment_id not in missing,
        )
        for wanted in _wanted(offering, earned)
    ]
    return [certificate for certificate in new if certificate]


def _earned(offering: Offering) -> dict[int, list[Credit]]:
    """By person, the credits in force of whoever earned any minutes."""
    found: dict[int, list[Credit]] = {}
    for credit in attendance.credits_in_force(offering, *sources.CREDIT_WHOLE):
        if credit.minutes:
            found.setdefault(credit.person_id, []).append(credit)
    return found


def _wanted(offering: Offering, earned: dict[int, list[Credit]]) -> list[Certificate]:
    """What each of these people should have, as things stand at this moment."""
    settings: Settings = current_app.config["CATALOG"]
    helpers = {one.id for meeting in offering.meetings for one in meeting.co_trainers}
    helpers |= {meeting.substitute.id for meeting in offering.meetings if meeting.substitute}
    held = sources.held_by({*helpers, *([offering.trainer_id] if offering.trainer_id else [])})
    shared = here(settings)
    status = mapping.standing(offering.course.areas, offering.course.topics, settings.site_zone)
    own_work = sources.own_work(offering)
    return [
        blank(
            mine[0].person,
            {
                **shared,
                **saying.of_offering(offering, held, max(one.earned_on for one in mine)),
                **saying.of_person(mine[0].person.name, mine, own_work.get(person_id, {}), status),
            },
            kind=CertificateKind.OFFERING,
            offering_id=offering.id,
            course_id=offering.course_id,
        )
        for person_id, mine in earned.items()
    ]


def here(settings: Settings) -> Facts:
    """What every certificate of this catalog says today."""
    return saying.place(
        settings,
        clock.today(settings.site_zone),
        competencies.edition_in_force(),
        competencies.strip_areas(),
    )


def credits_by_offering(credits_of: Sequence[Credit]) -> dict[int, list[Credit]]:
    found: dict[int, list[Credit]] = {}
    for credit in credits_of:
        found.setdefault(credit.offering_id, []).append(credit)
    return found
