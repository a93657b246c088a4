"""Loading the framework: the project's own file, the same file again, a correction, a newer edition."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from catalog.competencies import queries, services
from catalog.competencies.models import Area, Category, Confidence, Edition, HourRule, Topic, TopicAsked
from catalog.errors import DataRefused
from catalog.extensions import Base, db
from catalog.notices.models import AuditEntry
from tests import factories
from tests.competencies.framework_file import newer, small, write

OWN = Path(__file__).parents[2] / "data" / "framework.json"

pytestmark = pytest.mark.usefixtures("context")


def every_row() -> dict[str, list[Any]]:
    tables = ("edition", "credential", "area", "topic", "category", "topic_asked", "hour_tag", "hour_rule")
    return {
        name: sorted(map(repr, db.session.execute(sa.select(Base.metadata.tables[name])))) for name in tables
    }


def topic(code: str) -> Topic:
    return db.session.scalars(sa.select(Topic).where(Topic.code == code)).one()


def rule() -> HourRule:
    return db.session.scalars(sa.select(HourRule)).one()


def test_the_projects_own_file_is_loaded_whole() -> None:
    report = services.load_framework(OWN)
    counts = [
        db.session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (Area, Topic, Category, HourRule, TopicAsked)
    ]
    assert counts == [11, 61, 15, 118, 576]
    assert report.lines()[0] == "Edition 2024: 219 added, 0 updated, 0 unchanged, 0 retired."
    strip = [area.short for area in queries.strip_areas()]
    assert strip == ["TF", "Law", "Sys", "Svc", "WwO", "Com", "Thk", "Ref"]


def test_edition_confidence_and_source_are_kept() -> None:
    services.load_framework(OWN)
    attachment = topic("TF.attachment")
    assert (attachment.edition, attachment.confidence) == ("2024", Confidence.CONFIRMED)
    assert attachment.source == "https://iecmhc.org/crosswalk/3-equity-and-inclusion"
    pregnancy = db.session.get(TopicAsked, (topic("TF.pregnancy").id, queries.categories()[0].id))
    assert pregnancy is not None
    assert pregnancy.confidence == Confidence.OLDER_EDITION


def test_what_no_table_holds_is_kept_with_the_edition() -> None:
    services.load_framework(OWN)
    edition = queries.edition_in_force()
    assert edition is not None
    assert edition.statements["renewal"]["deadline"] == "12-31"
    assert len(edition.statements["rsc_rules"]) == 9
    assert {"training_eligibility", "unknowns", "read_me"} < edition.statements.keys()
    assert edition.statements["more"]["credentials"]["IECMH-E"] == {"holds": ["IMH-E", "ECMH-E"]}


def test_loading_the_same_file_again_changes_no_row(tmp_path: Path) -> None:
    services.load_framework(OWN)
    before, trail = every_row(), db.session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    report = services.load_framework(OWN)
    assert every_row() == before
    assert not report.changed
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id))) == trail


def test_a_file_of_another_state_without_short_names_shows_its_codes(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    assert [area.short for area in queries.strip_areas()] == ["TF", "REF"]
    assert [area.by_references for area in queries.areas()] == [False, True]


def test_a_correction_of_the_same_edition_updates_and_says_what(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    corrected = small(compiled_on="2024-04-01")
    corrected["rules"][0]["minutes"] = 2400
    report = services.load_framework(write(tmp_path, corrected))
    assert rule().minutes == 2400
    assert report.updated == ["rule FA first training minimum (30 h): minutes 1800 became 2400"]
    edition = queries.edition_in_force()
    assert edition is not None
    assert edition.compiled_on == date(2024, 4, 1)


def test_what_a_coordinator_edited_survives_the_same_edition(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    services.edit_topic(topic("TF.one"), {"name": "Ours"}, by=factories.make_cast().mira)
    report = services.load_framework(write(tmp_path, small()))
    assert topic("TF.one").name == "Ours"
    assert report.kept_edits == ["topic TF.one (Ours)"]
    assert not report.changed


def test_a_rule_whose_dates_were_edited_is_found_again(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    mira = factories.make_cast().mira
    services.edit_rule(rule(), {"effective_from": date(2025, 1, 1), "minutes": 1900}, by=mira)
    services.load_framework(write(tmp_path, small()))
    assert (rule().minutes, rule().retired_in) == (1900, None)


def test_a_newer_edition_replaces_a_coordinators_edit_and_says_so(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    services.edit_topic(topic("TF.one"), {"name": "Ours"}, by=factories.make_cast().mira)
    report = services.load_framework(write(tmp_path, newer()))
    assert (topic("TF.one").name, topic("TF.one").edited_at) == ("One", None)
    assert report.replaced_edits == ["topic TF.one (Ours)"]
    assert topic("TF.two").edition == "2027"


def test_a_newer_edition_retires_what_it_no_longer_has_and_keeps_its_mapping(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    course = factories.course(topics=("TF.two",))
    framework = newer()
    del framework["topics"][1]
    report = services.load_framework(write(tmp_path, framework))
    assert topic("TF.two").retired_in == "2027"
    assert report.retired == ["topic TF.two (Two)"]
    assert [mapped.topic.code for mapped in course.topics] == ["TF.two"]
    assert [found.code for found in queries.topics_by_area()[0].topics] == ["TF.one"]


def test_a_fact_that_reappears_is_in_force_again(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    without = newer()
    del without["topics"][1]
    services.load_framework(write(tmp_path, without))
    report = services.load_framework(write(tmp_path, small(edition="2028", compiled_on="2028-01-01")))
    assert topic("TF.two").retired_in is None
    assert report.returned == ["topic TF.two (Two)"]


def test_who_asks_for_what_follows_the_newer_edition(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    framework = newer()
    del framework["topics"][1]["asked_by"]
    framework["topics"][0]["asked_by"] = {"FA": "older edition"}
    report = services.load_framework(write(tmp_path, framework))
    asked = queries.topics_asked(queries.categories()[0])
    assert [(found.topic.code, found.confidence) for found in asked] == [("TF.one", Confidence.OLDER_EDITION)]
    assert report.asked_changes == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"compiled_on": "2024-02-29"}, "is older than what is here"),
        ({"edition": "2023", "compiled_on": "2023-01-01"}, "edition 2023, compiled on 2023-01-01, is older"),
        ({"edition": "2025"}, "has the same compiled_on"),
    ],
)
def test_an_older_file_is_refused(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    services.load_framework(write(tmp_path, small()))
    with pytest.raises(DataRefused, match=reason):
        services.load_framework(write(tmp_path, small(**changes)))


def test_an_edition_that_was_replaced_does_not_come_back(tmp_path: Path) -> None:
    services.load_framework(write(tmp_path, small()))
    services.load_framework(write(tmp_path, newer()))
    with pytest.raises(DataRefused, match="was replaced here already"):
        services.load_framework(write(tmp_path, small(compiled_on="2028-01-01")))


def test_the_load_is_in_the_audit_trail(tmp_path: Path) -> None:
    mira = factories.make_cast().mira
    services.load_framework(write(tmp_path, small()), by=mira)
    noted = db.session.scalars(sa.select(AuditEntry)).one()
    edition = db.session.scalars(sa.select(Edition)).one()
    assert (noted.action, noted.about_id, noted.by_id) == ("framework.loaded", edition.id, mira.id)
