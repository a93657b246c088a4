"""Every page as every role: it answers, has a title and one heading, repeats no id, and labels its fields."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from catalog import clock
from catalog.accounts import claims, proofs
from catalog.accounts.models import AddressChange, Person
from catalog.accounts.queries import token_hash
from catalog.competencies.models import Confidence, HourRule, Ledger, PolicyKind, Purpose, RuleKind
from catalog.coordinating.importing import memberships
from catalog.coordinating.models import Merge, TableImport, TableKind
from catalog.disputes.models import Dispute, DisputeAct, DisputeEntry, DisputeState
from catalog.endorsement import services as endorsement
from catalog.endorsement.models import Recount
from catalog.enrollment import services
from catalog.extensions import db, writing
from catalog.following import services as following
from catalog.following.models import HowOften
from catalog.notices import muting
from catalog.privacy.models import Departure
from catalog.privacy.proofs import leave_link
from catalog.records.importing import Row
from catalog.records.models import Education, HourImport
from catalog.teaching import services as teaching
from catalog.teaching.models import Shown
from catalog.video.models import Report, Source
from catalog.video.reading import Participant
from tests import factories as make
from tests.certificates.papers import written
from tests.endorsement import goals
from tests.factories import Cast
from tests.groups import circles as groups
from tests.records import parts
from tests.records.entries import written_down

ROLES = ("stranger", "ana", "ivo", "mira", "ada")
# Only the person themself: nobody disputes the mark of another, changes what they wrote down or shares their goal.
# And one for administrators alone.
ONES_OWN = {
    "factors.ask_to_forget",
    "competencies.choose_file",
    "watching.show",
    "disputes.new",
    "enrollment.instead",
    "following.edit",
    "endorsement.edit_endorsed",
    "endorsement.share",
    "endorsement.renewal",
    "records.edit_education",
    "records.edit_hours",
    "endorsement.new_plan",
    "endorsement.plan",
    "privacy.leave_link",
}
ELSE = {"privacy.leave_link": (410,)}
"""What a page may answer besides: to everybody but one it is a link that does not work."""
NO_PAGES = {
    # Not found without a provider, and they lead to it; tests/organisation looks at them.
    "organisation.begin",
    "organisation.back",
    "organisation.index",
    # Only for whoever is half-way in; tests/factors/test_second_step.py looks at it.
    "factors.second_step",
    "competencies.download",
    "coordinating.attendance_example",
    "coordinating.list_example",
    "coordinating.memberships_example",
    "records.evidence_file",
    "records.hours_evidence",
    "records.import_example",
    "records.person_transcript_csv",
    "records.person_transcript_pdf",
    "records.transcript_csv",
    "records.transcript_pdf",
    "browse.feed",
    "calendars.feed",
    "static",
    "htmx",
    "health",
    "ready",
    "browse.calendar",
    "attendance.sign_in_sheet",
    # It leads on, or refuses like any other code that is wrong.
    "checkin.scan",
    "certificates.pdf",
    "certificates.batch_zip",
    "certificates.batch_pdf",
    "evaluation.download",
    "coordinating.members_csv",
    # Its kinds are not those of the framework; tests/coordinating/test_desk.py looks at each.
    "coordinating.waiting",
    "endorsement.export_csv",
    "endorsement.export_pdf",
    "endorsement.export_rsc_csv",
    "endorsement.export_xlsx",
    "endorsement.export_zip",
    "endorsement.shared_pdf",
    "endorsement.shared_xlsx",
    "notices.trail_csv",
    "notices.trail_xlsx",
    "teaching.material_file",
    "reports.csv",
    "reports.xlsx",
    # It is asked for with a figure; tests/reports/test_report_pages.py looks at it.
    "reports.rows",
    "privacy.export_file",
    "watching.figures",
}


class Page(HTMLParser):
    """What the checks need to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.inline: list[str] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        given = dict(attrs)
        if given.get("id"):
            self.ids[str(given["id"])] += 1
        self.inline += [name for name in given if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "html":
            self.lang = given.get("lang") or ""


@pytest.fixture
def numbers(app: Flask, cast: Cast) -> dict[str, int | str]:
    """A filled catalog, and the number that stands for each kind of thing in an address."""
    with app.app_context():
        writing.set(True)
        ivo, ana = (db.session.get_one(Person, person.id) for person in (cast.ivo, cast.ana))
        nia = make.person("Nia Sample")
        topic = make.topic("TF.attachment")
        category = make.category("IFS", asks=(topic,))
        rule = HourRule(
            category=category,
            purpose=Purpose.FIRST,
            ledger=Ledger.TRAINING,
            kind=RuleKind.MINIMUM,
            minutes=1800,
            edition="test",
            confidence=Confidence.INFERRED,
        )
        db.session.add(rule)
        course = make.course("A course", topics=("TF.attachment",), owner_id=ivo.id)
        offering = make.offering(course, seats=3, meetings=2, trainer_id=ivo.id)
        enrollment = services.enroll(ana, offering, by=ana)
        offering.starts_at = clock.now() + timedelta(days=20)
        dispute = Dispute(
            enrollment=enrollment,
            meeting=offering.meetings[0],
            state=DisputeState.WITH_TRAINER,
            opened_at=clock.now(),
            entries=[DisputeEntry(at=clock.now(), by=ana, act=DisputeAct.OPENED, text="I was there.")],
        )
        db.session.add(dispute)
        certificate = written(ana, offering)
        certificate_course = parts.certificate_course(course)
        education = Education(
            person_id=ana.id, programme="A degree", institution="A university", added_at=clock.now()
        )
        report = Report(
            meeting_id=offering.meetings[0].id,
            digest="0" * 64,
            file_name="report.csv",
            source=Source.ZOOM,
            zone=offering.zone,
            participants=[Participant("Ana Sample", total=timedelta(hours=1)).as_json()],
            read_at=clock.now(),
            read_by_id=ivo.id,
        )
        entry = written_down(ana)
        table = HourImport(
            person_id=ana.id,
            file_name="trainings.csv",
            rows={
                "rows": [Row(2, "A training", problems=["It has no date."]).as_json()],
                "used": [],
                "unused": [],
            },
            read_at=clock.now(),
            read_by_id=ana.id,
        )
        db.session.add_all([education, report, table])
        goal, held = goals.goal(ana, category), goals.endorsed(ana, category)
        plan = goals.plan(goal, offering)
        material = teaching.give(offering, "Slides", "https://example.org/slides", Shown.BEFORE, by=ivo)
        policy = goals.policy(PolicyKind.CYCLE, {"months": 12, "deadline": "12-31"})
        recount = Recount(why="A rule changed", asked_at=clock.now(), total=1)
        tag = make.tag()
        search = following.save(ana, "?format=in_person", "", HowOften.DAILY)
        brought = TableImport(
            kind=TableKind.MEMBERSHIPS,
            file_name="members.csv",
            rows={
                "rows": [
                    memberships.row_of(
                        2, {"email": ana.email, "until": "2027-12-31"}, None, clock.today("UTC")
                    )
                ],
                "unused": [],
            },
            read_at=clock.now(),
            read_by_id=ivo.id,
        )
        change = AddressChange(
            person=ana, old_email=ana.email, new_email="new@example.org", asked_at=clock.now()
        )
        db.session.add_all([recount, brought, change])
        key = endorsement.make_share(goal, "Rosa", 7, by=ana)
        merge = Merge(kept_id=ana.id, gone_id=nia.id, merged_at=clock.now(), merged_by_id=ivo.id, moved={})
        db.session.add(merge)
        leaves = Departure(
            person_id=nia.id,
            asked_at=clock.now(),
            due_at=clock.now() + timedelta(days=14),
            token_hash=token_hash("stay"),
        )
        db.session.add(leaves)
        group = groups.term(ivo)
        group.joins_until = 2
        db.session.commit()
        return {
            "group_id": group.id,
            "course_id": course.id,
            "offering_id": offering.id,
            "enrollment_id": enrollment.id,
            "person_id": ana.id,
            "rule_id": rule.id,
            "area_id": topic.area_id,
            "topic_id": topic.id,
            "category_id": category.id,
            "meeting_id": offering.meetings[0].id,
            "token": claims.token_for(nia),
            "sign_up_key": proofs.SIGN_UP.key_for("new@example.org", "/"),
            "reset_key": proofs.reset_link(ana).rpartition("/")[2],
            "verify_key": proofs.VERIFY.key_for(ana.id, ana.email, "/"),
            "address_key": proofs.NEW_ADDRESS.key_for(change.id),
            "not_me_key": proofs.NOT_ME.key_for(change.id),
            "dispute_id": dispute.id,
            "number": certificate.number,
            "nth": 1,
            "certificate_course_id": certificate_course.id,
            "education_id": education.id,
            "report_id": report.id,
            "goal_id": goal.id,
            "plan_id": plan.id,
            "kind": policy.kind.value,
            "policy_id": policy.id,
            "recount_id": recount.id,
            "tag_id": tag.id,
            "endorsed_id": held.id,
            "key": key,
            "entry_id": entry.id,
            "import_id": table.id,
            "letter_kind": "seat.taken",
            "signed": muting.signed(ana.id, "roster.due"),
            "merge_id": merge.id,
            "kept_id": ana.id,
            "gone_id": nia.id,
            "material_id": material.id,
            "search_id": search.id,
            "table_id": brought.id,
            "name": "hours",
            "stay_token": "stay",
            "leave_key": leave_link(ana).rpartition("/")[2],
        }


def pages_of(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES
    ]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_well_made(
    app: Flask,
    cast: Cast,
    login_as: Callable[[Person], FlaskClient],
    numbers: dict[str, int | str],
    role: str,
) -> None:
    browser = app.test_client() if role == "stranger" else login_as(getattr(cast, role))
    seen = Counter[int]()
    for rule in pages_of(app):
        with app.test_request_context():
            url = app.url_map.bind("").build(rule.endpoint, {name: numbers[name] for name in rule.arguments})
        answer = browser.get(url)
        seen[answer.status_code] += rule.endpoint not in ONES_OWN
        assert answer.status_code in (
            (200, 303) if role == "stranger" else (200, 403, 404, *ELSE.get(rule.endpoint, ()))
        ), url
        if answer.status_code == 303:
            assert answer.location.startswith("/sign-in"), url
            continue
        page = Page(answer.text)
        assert [name for name, count in page.ids.items() if count > 1] == [], url
        assert (page.tags["title"], page.tags["h1"], page.tags["main"]) == (1, 1, 1), url
        assert (page.lang, page.inline) == ("en", []), url
        assert page.tags["style"] == 0, url
    assert seen[200] > 4, seen
    assert role not in ("mira", "ada") or set(+seen) == {200}, "coordinators may see every page"


def test_an_unknown_address_is_a_page_of_ours(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_every_answer_forbids_what_pages_do_not_need(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_private_pages_are_not_kept(cast: Cast, login_as: Callable[[Person], FlaskClient]) -> None:
    assert login_as(cast.ana).get("/account").headers["Cache-Control"] == "no-store"


def test_the_answer_depends_on_who_and_how_one_asks(client: FlaskClient) -> None:
    vary = client.get("/").headers["Vary"]
    assert all(name in vary for name in ("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "Cookie"))
