"""What is read from the attendance reports of Google Meet."""

from datetime import timedelta

from catalog.video.models import Source
from catalog.video.reading import read as read_report
from tests.video.samples import NINE, meet, read, times, wall


def test_first_and_last_name_are_one_name() -> None:
    people = read(meet("Ana,Sample,ana@example.org,2 hr 58 min,2026-02-02 09:00:00,2026-02-02 12:00:00"))
    assert people["Ana Sample"].emails == ("ana@example.org",)
    assert people["Ana Sample"].total == timedelta(hours=2, minutes=58)


def test_it_is_known_as_google_meet() -> None:
    assert read_report(meet("Ana,Sample,,58 min,9:00 AM,9:58 AM"), NINE).source == Source.MEET


def test_times_without_a_date_are_of_the_meetings_day() -> None:
    assert times(read(meet("Ana,Sample,,1 hr 2 min,8:58 AM,10:00 AM"))["Ana Sample"]) == [
        ("02 08:58:00", "02 10:00:00")
    ]


def test_times_without_a_date_may_pass_midnight() -> None:
    late = wall("2026-02-02T23:00")
    people = read(meet("Ana,Sample,,1 hr,23:30,00:30", "Otto,Sample,,10 min,00:20,00:30"), near=late)
    assert times(people["Ana Sample"]) == [("02 23:30:00", "03 00:30:00")]
    assert times(people["Otto Sample"]) == [("03 00:20:00", "03 00:30:00")]


def test_the_name_may_be_one_column_and_instants_may_say_their_zone() -> None:
    text = "Name,Email,Duration,Time joined,Time exited\n"
    text += "Ana Sample,,3:00:00,2026-02-02T15:00:00Z,2026-02-02T18:00:00Z\n"
    [join] = read(text.encode())["Ana Sample"].joins
    assert join.came.isoformat() == "2026-02-02T15:00:00+00:00"


def test_the_legacy_report_has_only_lengths() -> None:
    people = read(b"Name,Email,Duration\nAna Sample,ana@example.org,62:30\n")
    assert (people["Ana Sample"].joins, people["Ana Sample"].total) == ((), timedelta(minutes=62, seconds=30))
