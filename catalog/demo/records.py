"""What sample people bring along and finish: a certificate course put together from sample courses, and education."""

import io
from datetime import datetime, timedelta
from itertools import combinations

import sqlalchemy as sa
from PIL import Image, ImageDraw

from catalog import clock
from catalog.accounts.models import Person
from catalog.attendance.models import Credit
from catalog.courses import services as courses
from catalog.courses.models import AgeBand, Course, Kind, Offering
from catalog.courses.services import Covered
from catalog.demo.cast import Cast
from catalog.extensions import db
from catalog.records import evidence, services


def bring_along(cast: Cast, at: datetime) -> None:
    _certificate_course(cast, at)
    _educate(cast.ana, cast.mira, at)
    _educate(cast.learners[0], None, at)


def _certificate_course(cast: Cast, at: datetime) -> None:
    parts = _parts(cast.ana)
    columns = {
        "title": "Sample certificate: Steady with families",
        "kind": Kind.CERTIFICATE_COURSE,
        "summary": "Three sample courses, in any order. Whoever has finished all of them gets its certificate.",
        "provider": "Sample provider",
        "provider_state": "AL",
        "age_band": AgeBand.BIRTH_6,
        "minutes": sum(part.minutes or 0 for part in parts),
        "price_cents": 0,
    }
    with clock.at(at - timedelta(days=200)):
        made = courses.create(columns, set(), components=[part.id for part in parts], by=cast.tess)
        areas = dict.fromkeys(row.area_id for part in parts for row in part.areas)
        covered = [Covered(area_id, None, frozenset()) for area_id in areas]
        courses.save_mapping(made, covered, set(), made.version, by=cast.tess)
        courses.submit(made, made.version, by=cast.tess)
        courses.publish(made, made.version, by=cast.mira, with_mapping=False)
    with clock.at(at - timedelta(hours=2)):
        for offering_id in db.session.scalars(
            sa.select(Offering.id)
            .where(Offering.course_id.in_([part.id for part in parts]), Offering.settled_at.is_not(None))
            .order_by(Offering.id)
        ).all():
            services.finish_courses(offering_id)


def _parts(ana: Person) -> list[Course]:
    """Two sample courses that Ana has finished, and one that she misses and somebody else has besides these."""
    found = db.session.scalars(
        sa.select(Course).where(Course.title.startswith("Sample course: ")).order_by(Course.title)
    ).all()
    by_course = _who_finished([course.id for course in found])
    hers = [course for course in found if ana.id in by_course[course.id]]
    missed = [course for course in found if ana.id not in by_course[course.id]]
    for one, other in combinations(hers, 2):
        both = by_course[one.id] & by_course[other.id]
        for third in missed:
            if by_course[third.id] & both:
                return [one, other, third]
    return [*hers[:2], missed[0]]


def _who_finished(course_ids: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {course_id: set() for course_id in course_ids}
    rows = db.session.execute(
        sa.select(Offering.course_id, Credit.person_id)
        .join(Credit, Credit.offering_id == Offering.id)
        .where(
            Offering.course_id.in_(course_ids),
            Credit.superseded_at.is_(None),
            Credit.minutes > 0,
            Credit.not_counted_because == "",
        )
    )
    for course_id, person_id in rows:
        found[course_id].add(person_id)
    return found


def _educate(person: Person, checked_by: Person | None, at: datetime) -> None:
    """A degree with its diploma; a coordinator has seen it, or will have to."""
    columns = {
        "programme": "Bachelor of early childhood studies (sample)",
        "institution": "A sample university",
        "credit_hours": "120 semester hours",
        "finished_on": (at - timedelta(days=900)).date(),
        "course_id": None,
    }
    with clock.at(at - timedelta(days=9)):
        made = services.add_education(
            columns, evidence.cleaned("Diploma (sample).png", _diploma()), by=person
        )
    if checked_by:
        with clock.at(at - timedelta(days=8)):
            services.check_education(made, services.stand(made), by=checked_by)


def _diploma() -> bytes:
    """A picture that nobody takes for a real diploma."""
    sheet = Image.new("RGB", (480, 340), "white")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((12, 12, 468, 328), outline="#1d6b5a", width=4)
    draw.text((170, 150), "SAMPLE DIPLOMA", fill="#1d6b5a")
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
