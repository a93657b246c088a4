"""The parts that letters carry: well made, one for each meeting, and understood by parsers that others wrote."""

from typing import Any

import pytest
import sqlalchemy as sa
import vobject
from flask import current_app

from catalog.accounts.models import Person
from catalog.calendars.events import uid
from catalog.calendars.models import CalendarEntry
from catalog.courses.models import Format, Offering
from catalog.enrollment import services as enrollment
from catalog.enrollment.models import Enrollment
from catalog.extensions import db
from catalog.notices.attaching import Attached, attached
from tests import factories as make
from tests.calendars import client, ical_js

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ana() -> Person:
    return make.person('Ana "Añoranza" Sample; with, signs')


@pytest.fixture
def offering(ana: Person) -> Offering:
    made = make.offering(make.course("Attachment, “early”; ñ " + "long " * 20), meetings=2)
    enrollment.enroll(ana, made, by=ana)
    return made


def parts(person: Person, offering: Offering) -> list[Attached]:
    return attached(person, {"calendar": offering.id})


def event(part: Attached) -> Any:
    (found,) = client.events_of(part.content)
    return found


def test_a_letter_that_names_no_session_carries_none(ana: Person, offering: Offering) -> None:
    assert attached(ana, {}) == []


def test_each_meeting_is_an_invitation_of_its_own(ana: Person, offering: Offering) -> None:
    found = parts(ana, offering)
    assert [part.method for part in found] == ["REQUEST", "REQUEST"]
    assert [client.method_of(part.content) for part in found] == ["REQUEST", "REQUEST"]
    settings = current_app.config["CATALOG"]
    assert [event(part).uid.value for part in found] == [uid(one.id, settings) for one in offering.meetings]


def test_it_says_who_invites_and_whom(ana: Person, offering: Offering) -> None:
    first = event(parts(ana, offering)[0])
    assert first.organizer.value == "mailto:" + current_app.config["CATALOG"].mail_from
    assert first.attendee.value == f"mailto:{ana.email}"
    assert first.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert first.attendee.params["CN"] == ["Ana 'Añoranza' Sample; with, signs"]


def test_it_leads_to_the_page_of_the_session_and_holds_no_online_link(
    ana: Person, offering: Offering
) -> None:
    offering.format, offering.online_link = Format.VIRTUAL, "https://meet.example.org/secret"
    first = parts(ana, offering)[0]
    assert event(first).url.value.endswith(f"/offerings/{offering.id}")
    assert event(first).location.value == "Online"
    assert b"meet.example.org" not in first.content


def test_calling_it_off_says_cancel_with_a_raised_sequence(ana: Person, offering: Offering) -> None:
    before = [event(part) for part in parts(ana, offering)]
    tell(ana, offering)
    enrollment.cancel(offering, by=make.person(coordinates=True), reason="Flooded.")
    after = parts(ana, offering)
    assert [part.method for part in after] == ["CANCEL", "CANCEL"]
    for old, new in zip(before, map(event, after), strict=True):
        assert client.sequence(new) == client.sequence(old) + 1
        assert (new.status.value, new.uid.value) == ("CANCELLED", old.uid.value)
        assert client.shown(new) == client.shown(old)


def tell(person: Person, offering: Offering) -> None:
    for part in parts(person, offering):
        part.leaves()
        part.sent()


def test_what_is_on_and_what_is_off_are_told_apart(ana: Person, offering: Offering) -> None:
    tell(ana, offering)
    offering.meetings.pop()
    offering.meetings[0].place = "Another room"
    db.session.flush()
    assert sorted(part.method for part in parts(ana, offering)) == ["CANCEL", "REQUEST"]


def test_a_letter_about_two_sessions_tells_both(ana: Person, offering: Offering) -> None:
    tell(ana, offering)
    place = db.session.scalars(sa.select(Enrollment)).one()
    other = make.offering()
    enrollment.move(place, other, by=make.person(coordinates=True), reason="It suits her.")
    found = attached(ana, {"calendar": [offering.id, other.id]})
    assert [part.method for part in found] == ["CANCEL", "CANCEL", "REQUEST"]


def test_until_it_is_sent_nothing_is_written_down(ana: Person, offering: Offering) -> None:
    first, second = parts(ana, offering), parts(ana, offering)
    assert [client.sequence(event(part)) for part in first] == [
        client.sequence(event(part)) for part in second
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarEntry)) == 0


def test_ical_js_reads_the_same(ana: Person, offering: Offering) -> None:
    for part, meeting in zip(parts(ana, offering), offering.meetings, strict=True):
        (seen,) = ical_js.events_of(part.content)
        shown = client.shown(event(part))
        assert (seen["title"], seen["place"]) == (shown.title, shown.place)
        assert seen["sequence"] == offering.version
        assert seen["starts"] == meeting.starts_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def test_a_line_end_in_a_name_starts_no_property(offering: Offering) -> None:
    eve = make.person("Eve\r\nATTENDEE:mailto:x@example.org", email="eve@example.org")
    enrollment.enroll(eve, offering, by=eve)
    (found,) = vobject.readComponents(parts(eve, offering)[0].content.decode())
    assert len(found.vevent.contents["attendee"]) == 1
