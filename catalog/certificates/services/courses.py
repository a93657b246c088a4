"""The certificate of a certificate course. Whether it is finished is for `records` to say, which stands above."""

from flask import current_app

from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.certificates import facts as saying
from catalog.certificates import mapping, queries
from catalog.certificates.facts import Facts
from catalog.certificates.models import Certificate, CertificateKind
from catalog.certificates.queries import sources
from catalog.certificates.services.issuing import credits_by_offering, here
from catalog.certificates.services.standing import blank, settle
from catalog.competencies.models import Ledger
from catalog.courses.models import Course
from catalog.extensions import db
from catalog.wording import day


def issue_for_course(person: Person, course: Course) -> Certificate | None:
    """The certificate in force of somebody who has finished the course; None where a coordinator revoked it and
    nothing has changed since. When hours of a part were corrected, a new one supersedes the old."""
    # The person's row is the lock: of two who issue at once the second one sees the first.
    db.session.refresh(person, with_for_update={"key_share": True})
    before = queries.course_certificates(person, course)
    standing = before[-1] if before else None
    new = settle(standing, _wanted(person, course), may_begin=True)
    return new or (standing if standing and standing.is_in_force else None)


def _wanted(person: Person, course: Course) -> Certificate:
    settings = current_app.config["CATALOG"]
    order = [part.id for part in course.components]
    given = sorted(sources.credits_of(person, order), key=lambda one: order.index(one.offering.course_id))
    parts = [_part(mine) for mine in credits_by_offering(given).values()]
    facts = {
        **here(settings),
        **saying.of_course(course),
        **saying.of_person(person.name, [], {}, mapping.standing([], [], settings.site_zone)),
        "areas": mapping.areas(given, mapping.standing([], [], settings.site_zone)),
        "training_minutes": sum(one.minutes for one in given if one.ledger == Ledger.TRAINING),
        "rsc_minutes": sum(one.minutes for one in given if one.ledger == Ledger.RSC),
        "components": parts,
    }
    return blank(person, facts, kind=CertificateKind.COURSE, course_id=course.id)


def _part(mine: list[Credit]) -> Facts:
    """One session of a part, with what the person earned there."""
    offering = mine[0].offering
    sat = [meeting for meeting in saying.meetings_of(offering) if not meeting.is_own_work]
    return {
        "course": offering.course.title,
        "dates": saying.dates(sat, offering.zone) or [f"finished on {day(mine[0].earned_on)}"],
        "credits": [
            {
                "ledger": one.ledger.value,
                "minutes": one.minutes,
                "not_counted_because": one.not_counted_because,
            }
            for one in mine
        ],
    }
