"""Reads: everything an application export says, in as few statements for 300 lines as for one."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app

from catalog.accounts.models import Person
from catalog.certificates.models import Certificate, CertificatePage
from catalog.certificates.queries import IN_FORCE
from catalog.competencies import queries as competencies
from catalog.competencies.models import Area, Category, HourTag, Topic
from catalog.endorsement import application as saying
from catalog.endorsement.application import Application, Names
from catalog.endorsement.models import Goal
from catalog.endorsement.queries.goals import standing
from catalog.extensions import db


def application(of: Goal, at: datetime) -> Application:
    found = standing(of, at)
    edition = competencies.edition_in_force()
    return saying.application(
        found.entries,
        found.readiness,
        _names(of.person),
        person=of.person.name,
        category=f"{of.category.name}, {_marked(of.category.credential)}",
        edition=edition.code if edition else "",
        at=at,
        association=current_app.config["CATALOG"].association,
    )


def _marked(credential: str) -> str:
    """Each credential in it with its mark: "IMH-E®"."""
    return re.sub(r"\b[A-Z]*MH-E\b", r"\g<0>®", credential)


def _names(person: Person) -> Names:
    """What older lines name may have been retired since, so retired names are among them."""
    areas: dict[int, str] = {}
    topics: dict[int, str] = {}
    for area_id, area, topic_id, topic in db.session.execute(
        sa.select(Area.id, Area.name, Topic.id, Topic.name)
        .outerjoin(Topic, Topic.area_id == Area.id)
        .order_by(Area.mentors_only, Area.position, Area.id, Topic.position, Topic.id)
    ):
        areas[area_id] = area
        if topic_id is not None:
            topics[topic_id] = topic
    numbers = sa.select(Certificate.offering_id, Certificate.number).where(
        Certificate.person_id == person.id, Certificate.offering_id.is_not(None), *IN_FORCE
    )
    return Names(
        areas,
        topics,
        dict(db.session.execute(sa.select(HourTag.code, HourTag.label)).tuples().all()),
        dict(db.session.execute(sa.select(Category.code, Category.name)).tuples().all()),
        {offering_id: number for offering_id, number in db.session.execute(numbers) if offering_id},
    )


class Paper(NamedTuple):
    """A certificate's PDF, None where it has not been made yet."""

    number: str
    content: bytes | None


def without_pdf(person: Person, numbers: Sequence[str]) -> list[str]:
    """Those of these certificates of the person whose PDF has not been made yet."""
    has = sa.exists().where(CertificatePage.certificate_id == Certificate.id)
    return list(db.session.scalars(_of(sa.select(Certificate.number), person, numbers).where(~has)))


def papers_of(person: Person, numbers: Sequence[str]) -> list[Paper]:
    """The PDFs of these certificates; ask for few at a time, each has tens of kilobytes."""
    found = _of(sa.select(Certificate.number, CertificatePage.content), person, numbers)
    page = CertificatePage.certificate_id == Certificate.id
    return [Paper(*row) for row in db.session.execute(found.outerjoin(CertificatePage, page)).tuples()]


def certificates_of(person: Person, numbers: Sequence[str]) -> Sequence[Certificate]:
    return db.session.scalars(_of(sa.select(Certificate), person, numbers)).all()


def _of(asked: sa.Select[Any], person: Person, numbers: Sequence[str]) -> sa.Select[Any]:
    """Only their own, and only while it is in force, whatever numbers are asked for."""
    return asked.where(
        Certificate.person_id == person.id, Certificate.number.in_(numbers), *IN_FORCE
    ).order_by(Certificate.id)
