"""Sample courses that the sample trainers wrote, on every step of their way into the catalog."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Area, HourTag, Topic
from catalog.courses import services
from catalog.courses.models import AgeBand, Asking, Course, CreditRule, Format, Kind
from catalog.courses.services import Covered
from catalog.demo.cast import Cast
from catalog.extensions import db


class Written(NamedTuple):
    """A course, who wrote it, the minutes of each area it covers, its topics, and how far it has come."""

    title: str
    trainer: str
    summary: str
    minutes: int
    areas: dict[str, int | None]
    topics: Sequence[str]
    step: str = "published"
    is_reviewed: bool = False
    tags: Sequence[str] = ()
    after: str = ""
    more: dict[str, Any] = {}  # noqa: RUF012 - read only


COURSES = (
    Written(
        "Sample course: Holding steady in hard conversations",
        "ivo",
        "How to stay calm and kind when a parent/caregiver is worried or angry. With practice in pairs.",
        180,
        {"WWO": 60, "REF": 60, "DSS": 60},
        ("WWO.relationships", "WWO.conflict", "REF.self_awareness", "REF.emotional_response", "DSS.empathy"),
        is_reviewed=True,
        more={
            "objectives": "notice what a hard conversation does to me\n"
            "say back what a parent/caregiver told me before I answer\n"
            "end a hard conversation so that it can go on another day"
        },
    ),
    Written(
        "Sample course: Watching together, part 1",
        "tess",
        "Looking at a baby and a parent/caregiver together, and saying what one sees before what one thinks.",
        120,
        {"DSS": None, "TF": None},
        ("DSS.observation", "TF.child_dev", "TF.attachment"),
        is_reviewed=True,
        more={
            "age_band": AgeBand.BIRTH_3,
            "objectives": "say what I see before what I think\nwatch a baby and a parent/caregiver together",
            "asking": Asking.BEFORE_CERTIFICATE,
        },
    ),
    Written(
        "Sample course: Watching together, part 2",
        "tess",
        "From watching to wondering with the family: questions that open, and when to look for more help.",
        120,
        {"DSS": None, "COM": None},
        ("DSS.observation", "DSS.screening", "COM.listening"),
        after="Sample course: Watching together, part 1",
        more={"age_band": AgeBand.BIRTH_3},
    ),
    Written(
        "Sample course: Sleep, food and routines",
        "hugo",
        "A day about the daily things that parents/caregivers ask about most, and about what they may mean.",
        300,
        {"TF": 180, "DSS": 120},
        ("TF.family_centered", "TF.cultural", "DSS.life_skills", "DSS.dev_guidance"),
        is_reviewed=True,
        more={
            "price_cents": 4500,
            "member_price_cents": 3000,
            "accessibility": "Step-free rooms, large print",
        },
    ),
    Written(
        "Sample course: The first home visit",
        "noor",
        "An hour and a half for those who are new to visiting families at home.",
        90,
        {"WWO": None, "DSS": None, "LRAP": None},
        ("WWO.relationships", "DSS.safety", "LRAP.agency_policy"),
        more={"format": Format.VIRTUAL, "accessibility": "Live captions"},
    ),
    Written(
        "Sample course: Rules and reporting in Alabama",
        "ivo",
        "What people who work with young children have to report, to whom and when, with cases to discuss.",
        120,
        {"LRAP": 90, "SE": 30},
        ("LRAP.law", "LRAP.ethical", "SE.service_systems", "SE.community_res"),
        is_reviewed=True,
        more={"format": Format.VIRTUAL},
    ),
    Written(
        "Sample course: Words for feelings",
        "noor",
        "Taught in Spanish: how grown-ups give young children words for what they feel.",
        180,
        {"COM": None, "TF": None},
        ("COM.speaking", "COM.listening", "TF.child_dev"),
        more={"language": "Spanish", "age_band": AgeBand.THREE_6},
    ),
    Written(
        "Sample course: Beginning to provide reflective supervision",
        "ivo",
        "For those who will offer reflective supervision to others: the frame, the first meeting, what goes wrong.",
        180,
        {"REF": None, "DSS": None},
        ("REF.contemplation", "DSS.reflective_supervision"),
        is_reviewed=True,
        tags=("rsc_provision",),
        more={"credit_rule": CreditRule.QUARTER_HOUR, "price_cents": 6000},
    ),
    Written(
        "Sample draft: Naps, noise and nerves in group care",
        "ivo",
        "",
        120,
        {},
        (),
        step="draft",
    ),
    Written(
        "Sample course in review: Grandparents who raise grandchildren",
        "tess",
        "What changes when grandparents are the parents/caregivers, and what helps them.",
        120,
        {"TF": None, "SE": None},
        ("TF.family_dyn", "SE.community_res"),
        step="in review",
    ),
    Written(
        "Sample course with changes asked: Screening without worry",
        "hugo",
        "Telling families what a screening is for, and what its result does and does not say.",
        90,
        {"DSS": None},
        ("DSS.screening",),
        step="changes asked",
    ),
)

REVIEWED_LISTINGS = (
    "Workshop 1: In the Beginning",
    "How To Be a Reflective Supervisee",
    "Introduction to Infant Mental Health",
    "RSLC monthly reflective consultation",
)
"""Listings whose suggested mapping the sample coordinator has looked at."""


def write_courses(cast: Cast, at: datetime) -> None:
    """The sample courses, and Mira's review of some mappings, long ago and lately."""
    made: dict[str, Course] = {}
    for days, written in enumerate(COURSES):
        steps_ago = 290 - days if written.step == "published" else 6
        with clock.at(at - timedelta(days=steps_ago)):
            made[written.title] = _write(written, getattr(cast, written.trainer), cast.mira, made)
    for begins in REVIEWED_LISTINGS:
        with clock.at(at - timedelta(days=30)):
            course = course_called(begins)
            services.review_mapping(course, course.version, by=cast.mira)


def course_called(begins: str) -> Course:
    """The course whose title begins like this; of several the shortest, which is the one meant."""
    found = db.session.scalars(
        sa.select(Course)
        .where(Course.title.startswith(begins, autoescape=True))
        .order_by(sa.func.length(Course.title))
        .limit(1)
    )
    return found.one()


def _write(written: Written, trainer: Person, coordinator: Person, made: dict[str, Course]) -> Course:
    columns = {
        "title": written.title,
        "kind": Kind.IN_SERVICE,
        "summary": written.summary,
        "provider": "Sample provider",
        "provider_state": "AL",
        "trainer_names": trainer.name,
        "audience": "everybody who works with young children and their families",
        "age_band": AgeBand.BIRTH_6,
        "minutes": written.minutes,
        "price_cents": 0,
        **written.more,
    }
    required = {made[written.after].id} if written.after else set()
    course = services.create(columns, required, by=trainer)
    if written.areas:
        services.save_mapping(course, _covered(written), _tags(written), course.version, by=trainer)
    if written.step != "draft":
        services.submit(course, course.version, by=trainer)
    if written.step == "changes asked":
        reason = "Please say for which ages this is, and how much of the time is practice."
        services.ask_changes(course, course.version, by=coordinator, reason=reason)
    if written.step == "published":
        services.publish(course, course.version, by=coordinator, with_mapping=written.is_reviewed)
    return course


def _covered(written: Written) -> list[Covered]:
    """The mapping by ids; codes that the loaded framework does not know are left out."""
    areas = dict(db.session.execute(sa.select(Area.code, Area.id)).tuples().all())
    topics = db.session.scalars(sa.select(Topic).where(Topic.code.in_(written.topics))).all()
    return [
        Covered(areas[code], minutes, frozenset(topic.id for topic in topics if topic.area_id == areas[code]))
        for code, minutes in written.areas.items()
        if code in areas
    ]


def _tags(written: Written) -> set[int]:
    return set(db.session.scalars(sa.select(HourTag.id).where(HourTag.code.in_(written.tags))))
