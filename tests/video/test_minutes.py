"""Worked examples of minutes from joins; the meeting is from 9 to 12, and everything of it can count."""

from datetime import timedelta

import pytest

from catalog.video import minutes
from catalog.video.reading import Participant
from tests.video.samples import CHICAGO, joined, meeting

DAY = "2026-02-02T"


def on_day(*spans: tuple[str, str]) -> Participant:
    return joined(*[(DAY + came, DAY + left) for came, left in spans])


@pytest.mark.parametrize(
    ("spans", "counted"),
    [
        ([("09:00", "12:00")], 180),
        ([("09:09", "12:00")], 171),
        ([("09:00", "10:00"), ("10:30", "12:00")], 150),
        ([("09:00", "11:00"), ("10:00", "12:00")], 180),
        ([("09:00", "12:00"), ("09:30", "10:00")], 180),
        ([("08:30", "09:30"), ("09:30", "12:40")], 180),
        ([("09:00:20", "12:00")], 179),
        ([("09:00", "09:00")], 0),
    ],
    ids=[
        "whole",
        "9 late",
        "away",
        "overlapping",
        "telephone too",
        "early and late",
        "a minute begun",
        "no time",
    ],
)
def test_joins_are_summed_and_overlaps_count_once(spans: list[tuple[str, str]], counted: int) -> None:
    assert minutes.attended(meeting(), [on_day(*spans)], CHICAGO).minutes == counted


def test_two_devices_of_one_person_are_united() -> None:
    laptop, telephone = on_day(("09:00", "10:30")), on_day(("10:00", "12:00"))
    there = minutes.attended(meeting(), [laptop, telephone], CHICAGO)
    assert (there.minutes, len(there.spans)) == (180, 1)


def test_a_break_takes_nothing_from_those_who_stayed() -> None:
    assert minutes.attended(meeting(rest=30), [on_day(("09:00", "12:00"))], CHICAGO).minutes == 150
    assert minutes.attended(meeting(rest=30), [on_day(("09:09", "12:00"))], CHICAGO).minutes == 141


def test_the_time_in_between_cuts_the_first_coming_and_last_leaving() -> None:
    """From 9 to 12, and 2 h 20 min of it: forty minutes away, at a time that the report does not say."""
    one = joined((DAY + "09:00", DAY + "12:00"), total=timedelta(hours=2, minutes=20))
    there = minutes.attended(meeting(), [one], CHICAGO)
    assert there.minutes == 140
    assert there.notes == ("was away in between; the report does not say when",)


def test_a_length_in_whole_minutes_is_no_minute_away() -> None:
    one = joined((DAY + "09:00:00", DAY + "12:00:00"), total=timedelta(hours=2, minutes=59))
    assert minutes.attended(meeting(), [one], CHICAGO).minutes == 180


def test_a_report_without_times_is_cut_at_the_length_of_the_meeting() -> None:
    for total, counted in ((200, 180), (171, 171), (0, 0)):
        one = Participant("Ana Sample", total=timedelta(minutes=total))
        assert minutes.attended(meeting(), [one], CHICAGO).minutes == counted


def test_two_devices_without_times_are_not_added_up() -> None:
    one = Participant("Ana Sample", total=timedelta(minutes=90))
    assert minutes.attended(meeting(), [one, one], CHICAGO).minutes == 90


def test_whoever_never_left_stays_to_the_end_and_it_is_said() -> None:
    started = on_day(("09:30", "12:00")).joins[0]._replace(left=None)
    there = minutes.attended(meeting(), [Participant("Ana Sample", joins=(started,))], CHICAGO)
    assert (there.minutes, there.notes) == (
        150,
        ("no leaving is recorded; counted to the end of the meeting",),
    )


def test_whoever_was_only_in_the_meeting_before_was_not_in_this_one() -> None:
    assert not minutes.attended(meeting(), [on_day(("07:00", "08:59"))], CHICAGO).was_there
    assert minutes.attended(meeting(), [on_day(("07:00", "09:01"))], CHICAGO).was_there
