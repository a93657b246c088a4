"""The catalog that the matrix is asked in: Ana's things, Ivo's sessions, and everybody who may look at them."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask

from catalog import clock
from catalog.access import Who
from catalog.accounts.models import Person, Qualification, RoleGrant, SignIn
from catalog.calendars.models import CalendarFeed
from catalog.coordinating.models import Merge, TableImport
from catalog.courses.models import CourseState, Offering
from catalog.endorsement.models import ShareLink
from catalog.extensions import db, writing
from catalog.factors.models import Passkey
from catalog.groups.models import RscSession
from catalog.notices.models import Bounce, Job, JobState
from catalog.organisation.models import Identity
from catalog.privacy.models import PersonalExport
from catalog.records.models import Education, Evidence
from catalog.teaching.models import Material
from tests import factories as make
from tests.factories import Cast
from tests.groups import circles as groups

Numbers = dict[str, int | str]


class World(NamedTuple):
    """`people` by what they are to the things that `numbers` stands for; `drafts` stands for a course nobody
    published yet, with a session of it. `elsewhere`: where a name in the address of a route stands for something
    else than it does in the others."""

    numbers: Numbers
    people: dict[Who, Person | None]
    drafts: Numbers
    elsewhere: dict[str, Numbers]


def granted(person: Person, county: str, by: Person) -> RoleGrant:
    """The coordinator's role for one county."""
    made = RoleGrant(
        person_id=person.id,
        counties=[county],
        providers=[],
        begins_at=clock.now(),
        reason="A part of the state",
        is_delegated=False,
        granted_at=clock.now(),
        granted_by_id=by.id,
    )
    person.has_grants = True
    db.session.add(made)
    return made


@pytest.fixture
def world(app: Flask, cast: Cast, numbers: Numbers) -> World:
    with app.app_context():
        writing.set(True)
        helper = make.person("Hal Sample", is_trainer=True)
        substitute = make.person("Sue Sample", is_trainer=True)
        other = make.person("Tess Sample", is_trainer=True)
        ana = db.session.get_one(Person, cast.ana.id)
        for number in (numbers["offering_id"], numbers["group_id"]):
            meeting = db.session.get_one(Offering, number).meetings[0]
            meeting.co_trainers.append(helper)
            meeting.substitute = substitute
        groups.seated(
            ana, db.session.get_one(Offering, numbers["group_id"]), db.session.get_one(Person, cast.ivo.id)
        )
        held = Evidence(
            person_id=ana.id,
            file_name="diploma.pdf",
            media_type="application/pdf",
            size=4,
            content=b"%PDF",
            added_at=clock.now(),
        )
        education = db.session.get_one(Education, numbers["education_id"])
        education.evidence = held
        material = db.session.get_one(Material, numbers["material_id"])
        material.url, material.content = "", b"%PDF"
        material.file_name, material.media_type = "slides.pdf", "application/pdf"
        merge = db.session.get_one(Merge, numbers["merge_id"])
        merge.moved = {"rows": {}, "changes": [], "fills": {}}
        more: dict[str, Any] = {
            "session_id": RscSession(
                person_id=ana.id,
                provider_id=cast.ivo.id,
                held_on=clock.today("UTC"),
                minutes=60,
                asked_at=clock.now(),
            ),
            "feed_id": CalendarFeed(person_id=ana.id, token_hash="0" * 64, made_at=clock.now()),
            "share_id": db.session.scalars(sa.select(ShareLink)).one(),
            "job_id": Job(
                kind="mail", payload={}, state=JobState.DEAD, run_at=clock.now(), created_at=clock.now()
            ),
            "bounce_id": Bounce(
                address=ana.email, is_permanent=True, reason="550 no", digest="1", came_at=clock.now()
            ),
            "passkey_id": Passkey(
                person_id=ana.id,
                handle="aGFuZGxl",
                credential_id="b2YgQW5h",
                public_key=b"k",
                sign_count=0,
                name="My phone",
                added_at=clock.now(),
            ),
            "identity_id": Identity(
                issuer="https://id.example.org", subject="ana", person_id=ana.id, linked_at=clock.now()
            ),
            "sign_in_id": SignIn(
                token_hash="1" * 64,
                person_id=ana.id,
                began_at=clock.now(),
                last_seen_at=clock.now(),
                ends_at=clock.now() + timedelta(days=1),
            ),
            "export_id": PersonalExport(
                person_id=ana.id,
                asked_at=clock.now(),
                made_at=clock.now(),
                expires_at=clock.now() + timedelta(days=1),
                content=b"PK",
            ),
            "qualification_id": Qualification(person_id=ana.id, label="A qualification"),
        }
        db.session.add_all(more.values())
        draft = make.course("A draft", owner_id=cast.ivo.id, state=CourseState.DRAFT)
        hidden = make.offering(draft, trainer_id=cast.ivo.id)
        db.session.commit()
        here, there = (make.person(name) for name in ("Cora Sample", "Otis Sample"))
        of_part = [
            granted(person, county, cast.ada) for person, county in ((here, "01101"), (there, "01097"))
        ]
        for number in (numbers["offering_id"], numbers["group_id"]):
            db.session.get_one(Offering, number).county = "01101"
        db.session.get_one(TableImport, numbers["table_id"]).offering_id = int(numbers["offering_id"])
        db.session.commit()
        people = {
            Who.STRANGER: None,
            Who.PROFESSIONAL: cast.otto,
            Who.OWNER: cast.ana,
            Who.TRAINER: cast.ivo,
            Who.HELPER: helper,
            Who.SUBSTITUTE: substitute,
            Who.OTHER_TRAINER: other,
            Who.COORDINATOR: cast.mira,
            Who.COORDINATES_IT: here,
            Who.COORDINATES_OTHERS: there,
            Who.ADMINISTRATOR: cast.ada,
        }
        numbers = {**numbers, "grant_id": of_part[0].id}
        for person in (helper, substitute, other, here, there):
            db.session.refresh(person)
        ids: Numbers = {name: thing.id for name, thing in more.items()}
        numbers = {**numbers, **ids, "stay_token": "unknown"}
        drafts: Numbers = {
            "course_id": draft.id,
            "offering_id": hidden.id,
            "meeting_id": hidden.meetings[0].id,
        }
        first = db.session.get_one(Offering, numbers["group_id"]).meetings[0].id
        of_group = ("groups.can_come", "groups.cannot_come", "groups.name_substitute")
        elsewhere: dict[str, Numbers] = {endpoint: {"meeting_id": first} for endpoint in of_group}
        elsewhere["coordinating.waiting"] = {"kind": "offers"}
        db.session.expunge_all()
    return World(numbers, people, drafts, elsewhere)
