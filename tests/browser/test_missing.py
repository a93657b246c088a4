"""A new person's first five minutes: twelve trainings from a spreadsheet and two groups, what is missing for Infant
Family Specialist, a planned set of seats, and the file the application asks for.

And a mentor's hours about the RSC that she gives."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import python_calamine
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from catalog import clock
from catalog.accounts.models import Person
from catalog.competencies.models import Category, HourTag, Ledger, Topic
from catalog.courses.models import Basis, Course, CourseArea, CourseTopic
from catalog.courses.services.meetings import sum_up
from catalog.endorsement import services
from catalog.enrollment.models import Enrollment, State
from catalog.extensions import db
from catalog.records.models import EntrySource, EntryState, HourEntry, Standing
from tests import factories as make
from tests.accounts import mails
from tests.browser.conftest import Open
from tests.browser.steps import inside, load_framework
from tests.factories import Cast
from tests.records import sheets

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@pytest.fixture
def catalog(app: Flask, cast: Cast) -> None:
    """The framework, and two open sessions: both of the topics of Systems Expertise, and one of Law."""
    with inside(app):
        load_framework()
        for number, codes in enumerate((topics_of("SE"), topics_of("LRAP")[:1]), 1):
            course = make.course(f"Sample session {number}", minutes=180, price_cents=0)
            cover(course, codes)
            offering = make.offering(course, starts=clock.now() + timedelta(days=20 * number), price_cents=0)
            sum_up(offering)


def topics_of(area: str) -> list[str]:
    return list(
        db.session.scalars(sa.select(Topic.code).where(Topic.code.startswith(f"{area}.")).order_by(Topic.id))
    )


def cover(course: Course, codes: list[str]) -> None:
    topics = db.session.scalars(sa.select(Topic).where(Topic.code.in_(codes))).all()
    for area_id in {topic.area_id for topic in topics}:
        db.session.add(CourseArea(course=course, area_id=area_id, basis=Basis.PROPOSED))
    for topic in topics:
        db.session.add(CourseTopic(course=course, topic=topic, basis=Basis.PROPOSED))
    db.session.flush()


def sign_up(app: Flask, page: Page, root: str) -> None:
    page.get_by_label("Email address").fill("nia@example.org")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    page.goto(root + mails.link(app, "sign_up"))
    page.get_by_label("Your name").fill("Nia Sample")
    page.get_by_label("New password").fill("four plain words")
    page.get_by_role("button", name="Open my account").click()


def import_table(page: Page, table: Path) -> None:
    page.get_by_label("Your table").set_input_files(table)
    page.get_by_role("button", name="See how it is read").click()
    expect(page.get_by_text("12 of 12 rows can be saved.")).to_be_visible()
    page.get_by_role("button", name="Save the chosen rows").click()


def add_group(page: Page, begun: date, ended: date, hours: str) -> None:
    page.get_by_label("First day").fill(begun.isoformat())
    page.get_by_label("Last day").fill(ended.isoformat())
    page.get_by_label("Hours", exact=True).fill(hours)
    page.get_by_label("Name of the provider").fill("Rosa Sample")
    page.get_by_label("Group", exact=True).check()
    page.get_by_label("Endorsed", exact=True).check()
    page.get_by_text("The provider’s categories on that date", exact=True).click()
    page.get_by_label("Infant Mental Health Mentor - Clinical").check()
    page.get_by_role("button", name="Add these hours").click()
    expect(page.get_by_text("It is written down.")).to_be_visible()


@both
@pytest.mark.usefixtures("catalog")
def test_a_new_person_sees_what_is_missing_joins_a_planned_set_and_exports(
    app: Flask, open_as: Open, tmp_path: Path, scripts: bool
) -> None:
    table = tmp_path / "my trainings.xlsx"
    rows = [
        (f"Training {n} (sample)", ("date", 45700 + 30 * n), 3, "Tess Sample", "Agency", "TF.attachment")
        for n in range(12)
    ]
    table.write_bytes(sheets.workbook(sheets.HEAD, *rows))
    page = open_as(None, "/sign-up?next=/learning/hours/import", scripts=scripts)
    root = page.url.partition("/sign-up")[0]
    sign_up(app, page, root)
    import_table(page, table)
    expect(page.get_by_text("12 entries are written down.")).to_be_visible()
    for begun, ended, hours in (
        (date(2024, 1, 10), date(2024, 12, 10), "14"),
        (date(2025, 1, 8), date(2025, 6, 11), "6"),
    ):
        page.goto(root + "/learning/hours/new?ledger=rsc")
        page.get_by_label("What it was", exact=True).fill("Reflective group (sample)")
        add_group(page, begun, ended, hours)

    page.goto(root + "/goal")
    page.get_by_label("Category").select_option(label="Infant Family Specialist (IFS)")
    page.get_by_role("button", name="Work toward this").click()
    hours_card = page.get_by_role("region", name="Hours", exact=True)
    expect(hours_card).to_contain_text("0 h verified, 36 h not looked at yet of 30 h at least")
    expect(hours_card).to_contain_text("0 h verified, 20 h not looked at yet of 24 h at least")
    expect(page.get_by_role("row", name="Systems Expertise")).to_contain_text("Sample session 1")

    page.get_by_role("link", name="Make me a plan").click()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_role("heading", name="2 sessions")).to_be_visible()
    page.get_by_role("button", name="Take all these seats").click()
    expect(page.get_by_text("2 seats taken.").first).to_be_visible()
    with inside(app):
        assert db.session.scalar(
            sa.select(sa.func.count()).select_from(Enrollment).where(Enrollment.state == State.SEATED)
        ) == 2  # fmt: skip

    page.get_by_role("link", name="Infant Family Specialist").first.click()
    page.get_by_role("link", name="Export for my application").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save as a workbook").click()
    waiting.value.save_as(tmp_path / "export.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "export.xlsx"))
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names[:2]] == [13, 3]


@pytest.mark.usefixtures("catalog")
def test_a_mentor_applicant_sees_her_hours_about_the_rsc_she_gives(
    app: Flask, cast: Cast, open_as: Open, complaints_of: Callable[..., list[str]]
) -> None:
    with inside(app):
        tess, mira = (db.session.get_one(Person, one.id) for one in (cast.ivo, cast.mira))
        about = db.session.scalars(sa.select(HourTag).where(HourTag.code == "rsc_about_rsc_provided")).one()
        for month in range(1, 13):
            entry = HourEntry(
                person_id=tess.id, ledger=Ledger.RSC, title="Consultation (sample)", minutes=250,
                began_on=date(2025, month, 7), ended_on=date(2025, month, 7), trainer="Rosa Sample",
                is_group=False, provider_standing=Standing.ENDORSED, provider_categories="IMHM-C",
                source=EntrySource.SELF_REPORTED, state=EntryState.VERIFIED, added_at=clock.now(),
                added_by_id=tess.id, checked_at=clock.now(), checked_by_id=mira.id,
            )  # fmt: skip
            entry.tags = [about] if month <= 6 else []
            db.session.add(entry)
        category = db.session.scalars(sa.select(Category).where(Category.code == "IMHM-C")).one()
        goal_id = services.add_goal(tess, category, by=tess).id
    page = open_as(cast.ivo, f"/goal/{goal_id}")
    # 12 times 250 minutes are the 50 h; 6 times 250 are 25 h about the RSC she gives.
    expect(page.get_by_role("region", name="Hours", exact=True)).to_contain_text(
        "50 h verified of 50 h at least"
    )
    page.get_by_text("rules met").click()
    row = page.get_by_role("row", name="RSC received about the RSC one provides")
    expect(row).to_contain_text("25 h verified of 25 h")
    expect(row).to_contain_text("Met")
    assert complaints_of(page) == []
