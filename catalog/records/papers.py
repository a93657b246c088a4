"""The transcript as a file: data for typst, and rows for a spreadsheet."""

from typing import Any

from catalog.competencies.models import Ledger
from catalog.config import Settings
from catalog.records.models import Education
from catalog.records.transcript import NOT_COUNTED, WHAT_IT_IS_NOT, Entry, Transcript
from catalog.records.wording import state_said
from catalog.sheets import Value
from catalog.wording import day, hours

HEAD = (
    "Part",
    "First day",
    "Last day",
    "Earned on",
    "Course or programme",
    "Provider or institution",
    "Trainer",
    "Format",
    "Minutes",
    "Clock hours",
    "Credit hours as the institution says",
    "Areas",
    "Topics",
    "Tags",
    "Mapping",
    "Known by",
    "Attendance taken by",
    "Certificate",
    "Why it does not count, or state",
)


def table(transcript: Transcript, settings: Settings) -> list[tuple[Value, ...]]:
    """The head and one row for each entry. There are no rows of totals: whoever sums a column counts once."""
    names = {Ledger.TRAINING: "Training", Ledger.RSC: "RSC"}
    rows: list[tuple[Value, ...]] = [HEAD]
    for part in transcript.parts:
        rows += [_row(names[part.ledger], entry) for entry in part.entries]
    rows += [_row(f"Does not count ({names[entry.ledger]})", entry) for entry in transcript.not_counted]
    return rows + [_education_row(one, settings) for one in transcript.education]


def _row(part: str, entry: Entry) -> tuple[Value, ...]:
    return (
        part,
        entry.first_day.isoformat(),
        entry.last_day.isoformat(),
        entry.earned_on.isoformat(),
        entry.course,
        entry.provider,
        entry.trainer,
        entry.format,
        entry.minutes,
        round(entry.minutes / 60, 2),
        "",
        "; ".join(entry.areas),
        "; ".join(entry.topics),
        "; ".join(entry.tags),
        _mapping(entry),
        entry.known_by,
        entry.taken_by,
        entry.certificate,
        entry.reason,
    )


def _education_row(one: Education, settings: Settings) -> tuple[Value, ...]:
    finished = one.finished_on.isoformat() if one.finished_on else ""
    empty = ("", "", "", "")
    return (
        *("Education", "", finished, "", one.programme, one.institution, *empty, one.credit_hours),
        *empty,
        *("", "", "", state_said(one, settings.site_zone)),
    )


def sheet(transcript: Transcript, settings: Settings) -> dict[str, Any]:
    """What the PDF is drawn from; every text in it is ready."""
    printed = day(transcript.at, settings.site_zone)
    return {
        "title": f"Transcript of {transcript.person.name}, {printed}",
        "site": settings.site_name,
        "person": transcript.person.name,
        "printed": printed,
        "parts": [
            {
                "title": part.title,
                "total": part.total,
                "entries": [_drawn(entry) for entry in part.entries],
            }
            for part in transcript.parts
        ],
        "not_counted": {
            "title": NOT_COUNTED,
            "entries": [_drawn(entry) for entry in transcript.not_counted],
        },
        "education": [
            {
                "programme": one.programme,
                "institution": one.institution,
                "credit_hours": one.credit_hours,
                "finished": day(one.finished_on) if one.finished_on else "Not finished yet",
                "state": state_said(one, settings.site_zone),
            }
            for one in transcript.education
        ],
        "what_it_is_not": WHAT_IT_IS_NOT.format(association=settings.association),
    }


def _drawn(entry: Entry) -> dict[str, Any]:
    about = " · ".join(part for part in (entry.provider, entry.trainer, entry.format) if part)
    return {
        "dates": entry.dates,
        "course": entry.course,
        "about": about,
        "areas": "; ".join(entry.areas),
        "topics": "; ".join(entry.topics),
        "tags": "; ".join(entry.tags),
        "mapping": _mapping(entry),
        "hours": hours(entry.minutes),
        "minutes": f"{entry.minutes:,} min",
        "known": entry.known,
        "certificate": entry.certificate,
        "reason": entry.reason,
    }


def _mapping(entry: Entry) -> str:
    if not entry.areas and not entry.topics:
        return ""
    return "Mapping reviewed" if entry.is_reviewed else "Mapping not reviewed"
