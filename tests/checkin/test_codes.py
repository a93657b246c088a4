"""Codes: they rotate, and an old one opens nothing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from catalog.attendance.models import Method
from catalog.checkin import codes

SECRET, OTHER = "a1" * 32, "b2" * 32
NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def opens(
    text: str, at: datetime, secret: str = SECRET, printed: str | None = None, meeting: int = 7
) -> object:
    token = codes.read(text)
    return token and codes.method_of(token, secret, printed, meeting, at)


@pytest.mark.parametrize(
    ("seconds", "is_good"), [(0, True), (29, True), (59, True), (60, False), (3600, False)]
)
def test_a_drawn_code_holds_for_its_step_and_the_next(seconds: int, is_good: bool) -> None:
    text = codes.drawn(SECRET, 7, NOON)
    assert opens(text, NOON + seconds * SECOND) == (Method.CODE if is_good else None)


def test_a_code_drawn_late_in_its_step_still_lives_half_a_minute() -> None:
    drawn_at = NOON + 29 * SECOND
    text = codes.drawn(SECRET, 7, drawn_at)
    assert opens(text, drawn_at + 30 * SECOND) == Method.CODE
    assert opens(text, drawn_at + 31 * SECOND) is None


def test_a_code_of_the_future_opens_nothing_yet() -> None:
    assert opens(codes.drawn(SECRET, 7, NOON + 30 * SECOND), NOON) is None


def test_the_code_changes_every_thirty_seconds() -> None:
    texts = [codes.drawn(SECRET, 7, NOON + step * SECOND) for step in range(0, 300, 30)]
    assert len(set(texts)) == 10
    assert codes.drawn(SECRET, 7, NOON + 29 * SECOND) == texts[0]


def test_another_secret_or_another_meeting_opens_nothing() -> None:
    text = codes.drawn(SECRET, 7, NOON)
    assert opens(text, NOON, secret=OTHER) is None
    assert opens(text, NOON, meeting=8) is None


def test_a_code_cannot_be_carried_to_another_meeting() -> None:
    """The number in it may be changed; the proof is of the number too."""
    token = codes.read(codes.drawn(SECRET, 7, NOON))
    assert token
    assert codes.method_of(codes.Token(8, token.proof), SECRET, None, 8, NOON) is None


def test_a_printed_code_stays_until_its_secret_changes() -> None:
    text = codes.printed(OTHER, 7)
    assert opens(text, NOON + timedelta(days=400), printed=OTHER) == Method.PRINTED
    assert opens(text, NOON, printed=SECRET) is None
    assert opens(text, NOON, printed=None) is None


def test_one_kind_of_code_is_not_another() -> None:
    """Even under the same secret."""
    assert opens(codes.printed(SECRET, 7), NOON) is None
    assert opens(codes.drawn(SECRET, 7, NOON), NOON + timedelta(hours=1), printed=SECRET) is None
    the_very_first = datetime(1970, 1, 1, tzinfo=UTC)
    assert codes.drawn(SECRET, 7, the_very_first) != codes.printed(SECRET, 7)


@pytest.mark.parametrize(
    "text", ["", "a", "é" * 24, "1" * 24, "a" * 23, "a" * 25, "a" * 32, "a" * 2000, "\0" * 24, "=" * 24]
)
def test_what_is_no_token_is_none(text: str) -> None:
    assert codes.read(text) is None


def test_no_token_names_a_meeting_that_no_database_can_hold() -> None:
    token = codes.read("7" * 24)
    assert token
    assert token.meeting_id < 2**31


def test_capital_letters_do_not_matter() -> None:
    assert opens(codes.drawn(SECRET, 7, NOON).upper(), NOON) == Method.CODE


@pytest.mark.parametrize(("minutes", "is_good"), [(0, True), (4.9, True), (9.9, True), (10, False)])
def test_a_spoken_code_holds_for_its_five_minutes_and_the_next(minutes: float, is_good: bool) -> None:
    code = codes.spoken(SECRET, 7, NOON)
    assert codes.is_spoken(code, SECRET, 7, NOON + timedelta(minutes=minutes)) == is_good


def test_a_spoken_code_may_be_typed_as_it_was_heard() -> None:
    code = codes.spoken(SECRET, 7, NOON)
    assert codes.is_spoken(f" {code[:3].lower()}-{code[3:]} ", SECRET, 7, NOON)
    assert not codes.is_spoken(code[:-1], SECRET, 7, NOON)
    assert not codes.is_spoken("", SECRET, 7, NOON)


def test_spoken_codes_have_no_letters_that_look_alike() -> None:
    said = "".join(codes.spoken(SECRET, 7, NOON + timedelta(minutes=5 * n)) for n in range(500))
    assert set(said) == set(codes.LETTERS)
    assert not set(said) & set("0O1IL2Z5S8BAEU")


def test_guessing_is_hopeless() -> None:
    """Ten guesses in ten minutes at fifty open doors, for a year: less than once in two."""
    guesses = 10 * 6 * 24 * 365
    assert guesses * 2 * 50 / len(codes.LETTERS) ** codes.SPOKEN_LENGTH < 0.5


@pytest.mark.parametrize("wall", ["2027-03-14T01:59:45", "2027-11-07T01:59:45"])
def test_a_clock_change_does_not_disturb_the_codes(wall: str) -> None:
    """The instants go on: what was drawn before the change opens half a minute later, whatever the clocks show."""
    before = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo("America/Chicago"))
    after = (before.astimezone(UTC) + 30 * SECOND).astimezone(ZoneInfo("America/Chicago"))
    assert opens(codes.drawn(SECRET, 7, before), after) == Method.CODE
    hour_later = before.astimezone(UTC) + timedelta(hours=1)
    assert opens(codes.drawn(SECRET, 7, before), hour_later) is None
