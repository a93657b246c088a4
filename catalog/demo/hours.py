"""Hours that sample people bring from elsewhere: in every state, in both ledgers, and a table that was imported."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies import queries as competencies
from catalog.competencies.models import Ledger, Topic
from catalog.demo.cast import Cast
from catalog.extensions import db
from catalog.records import evidence, importing, services
from catalog.records.importing import Known
from catalog.records.importing.cells import plain
from catalog.records.models import HourEntry, Standing
from catalog.records.written import Written
from catalog.sheets import csv_bytes

PAPER = b"%PDF-1.4\n% a sample certificate, and no real one\n%%EOF\n"
TABLE = (
    ("Title", "Date", "Hours", "Trainer", "Agency", "Topics", "Type"),
    ("Circle of calm (sample)", 410, "6", "Sample Trainer", "Sample agency", "TF.attachment", "training"),
    ("Culture at the table (sample)", 330, "3", "Sample Trainer", "Sample agency", "TF.cultural", "training"),
    ("Talking with parents (sample)", 250, "4.5", "Sample Trainer", "Sample agency", "DSS", "training"),
    ("Monthly consultation (sample)", 200, "1.5", "Sample Supervisor", "Sample agency", "", "RSC"),
)
"""In place of a date stands how many days ago it was."""


def bring_hours(cast: Cast, at: datetime) -> None:
    ana, days = cast.ana, [(at - timedelta(days=ago)).date() for ago in range(600)]
    topics = _topics("TF", "SE", "DSS")
    sleep = Written(
        ledger=Ledger.TRAINING,
        title="Sleep and soothing (sample)",
        began_on=days[421],
        ended_on=days[420],
        minutes=720,
        trainer="Sample Trainer",
        provider="Sample agency",
        topics=frozenset(topics[:2]),
    )
    verified = _add(ana, sleep, at, 60)
    _verify(verified, cast.mira, at, 50)
    play = Written(
        ledger=Ledger.TRAINING,
        title="Play as language (sample)",
        began_on=days[95],
        ended_on=days[95],
        minutes=180,
        trainer="Sample Trainer",
        provider="Sample agency",
        topics=frozenset(topics[2:4]),
    )
    _add(ana, play, at, 12)
    rules = Written(
        ledger=Ledger.TRAINING,
        title="Reporting and the law (sample)",
        began_on=days[140],
        ended_on=days[140],
        minutes=120,
        provider="Sample agency",
        topics=frozenset(topics[4:5]),
    )
    returned = _add(ana, rules, at, 30, file=False)
    with clock.at(at - timedelta(days=25)):
        reason = "Please add the certificate, or a letter that says how long it was. (sample)"
        services.return_hours(returned, services.seen_of(returned), reason, by=cast.mira)
    for number, ago in enumerate((120, 150, 180)):
        talk = Written(
            ledger=Ledger.RSC,
            title="Reflective consultation, one to one (sample)",
            began_on=days[ago],
            ended_on=days[ago],
            minutes=60,
            trainer="Tess Sample",
            provider="Sample agency",
            is_group=False,
            provider_standing=Standing.ENDORSED,
            provider_categories=frozenset({"IMHM-C"}),
        )
        added = _add(ana, talk, at, 40 - number, file=False)
        if number:
            _verify(added, cast.mira, at, 20)
    _import(cast.learners[0], at)


def _topics(*areas: str) -> list[int]:
    """Two topics of each of these areas, and then others."""
    found = db.session.execute(sa.select(Topic.id, Topic.code).order_by(Topic.area_id, Topic.position)).all()
    first = [
        row.id for area in areas for row in [one for one in found if one.code.startswith(area + ".")][:2]
    ]
    return [*first, *(row.id for row in found if row.id not in first)][:8]


def _add(person: Person, said: Written, at: datetime, ago: int, *, file: bool = True) -> HourEntry:
    shown = evidence.cleaned("Certificate (sample).pdf", PAPER) if file else None
    with clock.at(at - timedelta(days=ago)):
        return services.add_hours(said, shown, by=person)


def _verify(entry: HourEntry, by: Person, at: datetime, ago: int) -> None:
    with clock.at(at - timedelta(days=ago)):
        services.verify_hours(entry, services.seen_of(entry), by=by)


def _import(person: Person, at: datetime) -> None:
    """The table of somebody who kept one, saved and not looked at yet."""
    head, *rows = TABLE
    dated = [(row[0], (at - timedelta(days=int(row[1]))).date().isoformat(), *row[2:]) for row in rows]
    groups = competencies.topics_by_area()
    known = Known(
        areas={plain(group.area.code): group.area.id for group in groups},
        topics={plain(topic.code): topic.id for group in groups for topic in group.topics},
        tags={},
    )
    with clock.at(at - timedelta(days=5)):
        sheet = importing.read(csv_bytes([head, *dated]), known, at.date())
        found = services.keep_import(person, "My trainings (sample).csv", sheet, by=person)
        services.save_import(found, [row.line for row in sheet.rows], found.read_at.isoformat(), by=person)
