"""What changed about an offering, in sentences for those who planned to come."""

from typing import NamedTuple

from catalog.courses.models import Format, Offering
from catalog.courses.wording import FORMATS, meeting_said
from catalog.places import county_name
from catalog.wording import money, when


class Snapshot(NamedTuple):
    """What people plan by, as it stands at one moment. `meetings` maps ids to when and where, `work` maps those of
    work of one's own to what and until when."""

    meetings: dict[int, tuple[str, str]]
    work: dict[int, str]
    format: Format
    place: str
    online_link: str
    trainer: str
    price: str
    language: str
    interpretation: str
    leads: dict[int, str] = {}  # noqa: RUF012 - nobody writes to it
    """Who stands in for the trainer, by meeting."""


def snapshot(offering: Offering) -> Snapshot:
    return Snapshot(
        {
            meeting.id: (when(meeting.starts_at, meeting.ends_at, offering.zone), meeting.place)
            for meeting in offering.sittings
        },
        {meeting.id: meeting_said(meeting, offering.zone) for meeting in offering.own_work},
        offering.format,
        ", ".join(part for part in (offering.place, county_name(offering.county)) if part),
        offering.online_link,
        offering.trainer.name if offering.trainer else "",
        _price(offering),
        offering.language,
        offering.interpretation,
        {meeting.id: meeting.substitute.name for meeting in offering.sittings if meeting.substitute},
    )


def _price(offering: Offering) -> str:
    price = money(offering.price_cents)
    return (
        price
        if offering.member_price_cents is None
        else f"{price}, members {money(offering.member_price_cents)}"
    )


def said(before: Snapshot, after: Snapshot) -> list[str]:
    """One sentence for each change, the dates first. The online link itself is never written out."""
    sentences = _meetings_said(before.meetings, after.meetings) + _work_said(before.work, after.work)
    if before.format != after.format:
        sentences.append(
            f"It is now {FORMATS[after.format].lower()}; it was {FORMATS[before.format].lower()}."
        )
    if before.online_link != after.online_link:
        sentences.append(
            "The online link is new; you find it on the page of the session."
            if after.online_link
            else "The online link is no longer valid; a new one follows."
        )
    for what, was, now in (
        ("place", before.place, after.place),
        ("trainer", before.trainer, after.trainer),
        ("price", before.price, after.price),
        ("language", before.language, after.language),
        ("interpretation", before.interpretation, after.interpretation),
    ):
        if was != now:
            sentences.append(f"The {what} is now: {now or 'not said'}. Before: {was or 'not said'}.")
    return sentences + _leads_said(before, after)


def _leads_said(before: Snapshot, after: Snapshot) -> list[str]:
    usual = after.trainer or "whoever is named as trainer"
    return [
        f"The meeting of {time} is led by {after.leads[one]} instead of {usual}."
        if one in after.leads
        else f"The meeting of {time} is led by {usual} again."
        for one, (time, _) in after.meetings.items()
        if before.leads.get(one) != after.leads.get(one)
    ]


def _meetings_said(before: dict[int, tuple[str, str]], after: dict[int, tuple[str, str]]) -> list[str]:
    sentences = [
        f"The meeting of {before[gone][0]} does not take place." for gone in before.keys() - after.keys()
    ]
    for meeting_id, (time, place) in after.items():
        if meeting_id not in before:
            sentences.append(f"A meeting was added: {time}.")
            continue
        time_before, place_before = before[meeting_id]
        if time != time_before:
            sentences.append(f"The meeting of {time_before} is now {time}.")
        if place != place_before:
            sentences.append(
                f"The room of the meeting of {time} is now: {place or 'as for the whole session'}."
            )
    return sentences


def _work_said(before: dict[int, str], after: dict[int, str]) -> list[str]:
    gone = [f"This is no longer asked for: {before[one]}." for one in before.keys() - after.keys()]
    added = [f"This was added: {after[one]}." for one in after.keys() - before.keys()]
    changed = [
        f"It is now: {after[one]}. Before: {before[one]}."
        for one in after.keys() & before.keys()
        if after[one] != before[one]
    ]
    return [*gone, *changed, *added]
