"""Reports that are refused whole, each with the lines and the sentence that say why."""

import pytest

from catalog.video.refusals import ReportRefused
from tests.video.samples import ZOOM_HEAD, meet, read, teams, utf16, zoom, zoom_row

TIMES = "02/02/2026 09:00:00 AM,02/02/2026 12:00:00 PM"


def refused(data: bytes) -> ReportRefused:
    with pytest.raises(ReportRefused) as refusal:
        read(data)
    return refusal.value


def test_half_a_row_is_named_by_its_line() -> None:
    report = zoom(zoom_row("Ana Sample"), "Otto Sample,otto@example.org,02/02/2026 09:")
    assert refused(report).problems == [
        "Line 6 is only half there: “Otto Sample, otto@example.org, 02/02/2026 09:”."
    ]


def test_every_problem_is_told_and_the_first_five_are_named() -> None:
    problems = refused(zoom(*["Ana Sample"] * 8)).problems
    assert problems[0] == "Line 5 is only half there: “Ana Sample”."
    assert problems[5:] == ["and 3 more"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "Ana Sample,,02/02/2026 09:00:00 AM,,180",
            "Line 2: there is nothing where the time of leaving should be.",
        ),
        (f"Ana Sample,,{TIMES},long", "Line 2: “long” is no length of time."),
        (
            "Ana Sample,,soon,02/02/2026 12:00,180",
            "Line 2: “soon” is no time where the time of joining should be.",
        ),
        ("Ana Sample,,02/02/2026 12:00,02/02/2026 09:00,180", "Line 2: leaves before joining."),
        (f",,{TIMES},180", "Line 2 names nobody."),
    ],
)
def test_what_is_wrong_with_a_row_is_said(row: str, problem: str) -> None:
    assert refused((ZOOM_HEAD + row).encode()).problems == [problem]


def test_a_heading_that_is_not_there_is_named() -> None:
    text = ZOOM_HEAD.replace("Leave Time", "Heure de sortie") + f"Ana Sample,,{TIMES},180,,,\n"
    assert "This looks like a Zoom report, but line 1 has no column “Leave Time”." in str(
        refused(text.encode())
    )


def test_a_teams_report_in_another_language_says_which_one_to_set() -> None:
    text = teams().replace("Leave", "Austritt").replace("Time", "Zeit").replace("In-Meeting", "Dauer")
    assert str(refused(utf16(text))) == (
        "No headings of a Zoom, Teams or Google Meet report were found in this file. Export the participants’ "
        "report with the product set to English, and upload it as it comes."
    )


def test_any_other_table_is_no_report() -> None:
    assert "No headings of a Zoom, Teams or Google Meet report" in str(refused(b"Course,Hours\nSample,3\n"))


def test_a_report_of_nobody_is_refused() -> None:
    assert str(refused(ZOOM_HEAD.encode())) == "Nobody is in this report."


def test_a_quotation_mark_that_never_ends_is_half_a_row() -> None:
    assert (
        refused(zoom('"Ana Sample,,', zoom_row("Otto Sample")))
        .problems[0]
        .startswith("Line 5 is only half there")
    )


def test_a_cell_without_end_is_refused() -> None:
    report = zoom('"' + "a" * 200_000)
    assert str(refused(report)).startswith("From line 5 on this file cannot be read as a table")


def test_a_formula_stays_the_text_it_is() -> None:
    assert list(read(zoom(zoom_row("=HYPERLINK(0)", "@SUM(1+1)*cmd")))) == ["=HYPERLINK(0)"]


def test_control_characters_and_the_length_of_a_name_are_cut() -> None:
    people = read(meet(f"Ana\u202e \u200bSample,{'a' * 5000},,3 hr,9:00,12:00"))
    [name] = people
    assert name.startswith("Ana Sample aaa")
    assert len(name) == 200


def test_fifty_thousand_rows_are_read_and_one_more_is_refused() -> None:
    rows = "Ana Sample,,9:00,12:00,180\n" * 50_000
    assert len(read((ZOOM_HEAD + rows).encode())["Ana Sample"].joins) == 50_000
    assert "more than 50,000 rows" in str(
        refused((ZOOM_HEAD + rows + "Ana Sample,,9:00,12:00,180\n").encode())
    )


def test_more_people_than_any_meeting_has_are_refused() -> None:
    rows = [zoom_row(f"Sample {number}") for number in range(1001)]
    assert "names 1,001 different people" in str(refused(zoom(*rows)))
