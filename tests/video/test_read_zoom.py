"""What is read from the reports that Zoom exports."""

from datetime import timedelta

from catalog.video.models import Source
from catalog.video.reading import read as read_report
from tests.video.samples import NINE, ZOOM_HEAD, read, times, zoom, zoom_row


def test_a_row_is_a_join() -> None:
    ana = read(zoom(zoom_row("Ana Sample", "Ana@Example.org", "09:09:00")))["Ana Sample"]
    assert times(ana) == [("02 09:09:00", "02 12:00:00")]
    assert ana.emails == ("ana@example.org",)
    assert ana.joins[0].lasted == timedelta(minutes=171)


def test_it_is_known_as_zoom() -> None:
    assert read_report(zoom(zoom_row("Ana Sample")), NINE).source == Source.ZOOM


def test_several_joins_are_one_participant() -> None:
    rows = [
        zoom_row("Ana Sample", "ana@example.org", "09:00:00", "10:00:00"),
        zoom_row("Otto Sample"),
        zoom_row("Ana S.", "ana@example.org", "10:05:00", "12:00:00"),
    ]
    people = read(zoom(*rows))
    assert list(people) == ["Ana Sample / Ana S.", "Otto Sample"]
    assert len(people["Ana Sample / Ana S."].joins) == 2


def test_without_an_address_the_name_holds_joins_together() -> None:
    rows = [zoom_row("Ana Sample", left="10:00:00"), zoom_row("ana  sample", came="10:05:00")]
    assert [len(one.joins) for one in read(zoom(*rows)).values()] == [2]


def test_time_in_the_waiting_room_is_left_out() -> None:
    rows = [
        zoom_row("Ana Sample", came="08:50:00", left="09:10:00", waiting="Yes"),
        zoom_row("Ana Sample", came="09:10:00"),
        zoom_row("Otto Sample", came="08:50:00", waiting="Yes"),
    ]
    people = read(zoom(*rows))
    assert times(people["Ana Sample"]) == [("02 09:10:00", "02 12:00:00")]
    assert "Otto Sample" not in people


def test_the_report_may_have_no_summary_and_newer_headings() -> None:
    text = (
        "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,"
        "Recording disclaimer response,In waiting room\n"
        "Ana Sample,ana@example.org,02/02/2026 09:00,02/02/2026 12:00,180,Yes,,No\n"
    )
    assert times(read(text.encode())["Ana Sample"]) == [("02 09:00:00", "02 12:00:00")]


def test_the_host_repeated_in_each_line_is_not_the_participant() -> None:
    text = (
        "Topic,Meeting ID,User Name,User Email,Start Time,End Time,Duration (Minutes),Participants,"
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
        "Sample,812,Ivo Sample,ivo@example.org,02/02/2026 08:55,02/02/2026 12:01,186,2,"
        "Ana Sample,ana@example.org,02/02/2026 09:00,02/02/2026 11:00,120,Yes\n"
    )
    ana = read(text.encode())["Ana Sample"]
    assert ana.emails == ("ana@example.org",)
    assert ana.joins[0].lasted == timedelta(hours=2)


def test_unique_users_have_a_total_and_no_times() -> None:
    text = (
        "Name (Original Name),User Email,Total Duration (Minutes),Guest\nAna Sample,ana@example.org,171,Yes\n"
    )
    ana = read(text.encode())["Ana Sample"]
    assert (ana.joins, ana.total) == ((), timedelta(minutes=171))


def test_a_webinar_has_sections_and_people_who_never_came() -> None:
    head = (
        "Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest\n"
    )
    named = (
        "Attended,User Name (Original Name),First Name,Last Name,Email,Join Time,Leave Time,"
        "Time in Session (minutes)\n"
    )
    text = (
        "Attendee Report\nReport generated time,02/03/2026 10:00:00 AM\n"
        "Topic,Webinar ID,Actual Start Time,Actual Duration (minutes)\nSample,812,02/02/2026 09:00:00 AM,180\n"
        f"Host Details,\n{head}"
        'Yes,Ivo Sample,ivo@example.org,"Feb 02, 2026 08:55:00","Feb 02, 2026 12:01:00",186,No\n'
        f"Attendee Details,\n{named}"
        'Yes,Ana Sample,Ana,Sample,ana@example.org,"Feb 2, 2026 9:00:00 AM","Feb 2, 2026 12:00:00 PM",180\n'
        "No,Otto Sample,Otto,Sample,otto@example.org,--,--,--\n"
    )
    people = read(text.encode())
    assert list(people) == ["Ivo Sample", "Ana Sample"]
    assert times(people["Ana Sample"]) == [("02 09:00:00", "02 12:00:00")]


def test_names_may_hold_commas_quotation_marks_and_lines() -> None:
    row = '"Sample, ""Annie"" Ana\n(she/her)",,02/02/2026 09:00:00 AM,02/02/2026 12:00:00 PM,180,Yes,,No'
    assert list(read(zoom(row))) == ['Sample, "Annie" Ana (she/her)']


def test_semicolons_of_a_spreadsheet_are_read_too() -> None:
    text = (
        ZOOM_HEAD.replace(",", ";")
        + "Ana Sample;;02/02/2026 09:00:00 AM;02/02/2026 12:00:00 PM;180;Yes;;No\n"
    )
    assert "Ana Sample" in read(text.encode())
