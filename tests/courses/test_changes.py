"""What changed about a session, in sentences."""

from catalog.courses.changes import Snapshot, said
from catalog.courses.models import Format

BEFORE = Snapshot(
    meetings={1: ("Tue 12 Jan 2027, 9:00 am to 11:00 am, Central time", "")},
    work={},
    format=Format.IN_PERSON,
    place="Sample hall, Pike County",
    online_link="",
    trainer="Ivo Sample",
    price="Free",
    language="English",
    interpretation="",
)


def test_nothing_changed_is_nothing_said() -> None:
    assert said(BEFORE, BEFORE) == []


def test_a_moved_meeting_is_named_by_both_times() -> None:
    after = BEFORE._replace(meetings={1: ("Tue 19 Jan 2027, 9:00 am to 11:00 am, Central time", "")})
    assert said(BEFORE, after) == [
        "The meeting of Tue 12 Jan 2027, 9:00 am to 11:00 am, Central time is now "
        "Tue 19 Jan 2027, 9:00 am to 11:00 am, Central time."
    ]


def test_another_room_is_named() -> None:
    after = BEFORE._replace(meetings={1: (BEFORE.meetings[1][0], "Room 2")})
    assert said(BEFORE, after)[0].endswith("is now: Room 2.")


def test_a_link_is_never_written_out() -> None:
    after = BEFORE._replace(online_link="https://example.org/secret-room", format=Format.VIRTUAL)
    sentences = said(BEFORE, after)
    assert sentences[0] == "It is now online; it was in person."
    assert "secret-room" not in " ".join(sentences)


def test_trainer_price_and_interpretation_are_told() -> None:
    after = BEFORE._replace(trainer="", price="$25", interpretation="Spanish")
    assert said(BEFORE, after) == [
        "The trainer is now: not said. Before: Ivo Sample.",
        "The price is now: $25. Before: Free.",
        "The interpretation is now: Spanish. Before: not said.",
    ]
