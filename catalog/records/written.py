"""What an entry of hours from elsewhere says, as a plain value: what forms, tables and corrections hand on."""

from dataclasses import dataclass
from datetime import date

from catalog.competencies.models import Area, Ledger
from catalog.competencies.wording import LEDGERS
from catalog.records.models import HourEntry, Standing
from catalog.records.wording import STANDINGS
from catalog.wording import day, hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """`minutes` are clock minutes. `provider_categories` are codes; what only RSC has is empty for trainings."""

    ledger: Ledger
    title: str
    began_on: date
    ended_on: date
    minutes: int
    trainer: str = ""
    provider: str = ""
    is_group: bool | None = None
    provider_standing: Standing = Standing.UNKNOWN
    provider_categories: frozenset[str] = frozenset()
    areas: frozenset[int] = frozenset()
    topics: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()


def written(entry: HourEntry) -> Written:
    return Written(
        ledger=entry.ledger,
        title=entry.title,
        began_on=entry.began_on,
        ended_on=entry.ended_on,
        minutes=entry.minutes,
        trainer=entry.trainer,
        provider=entry.provider,
        is_group=entry.is_group,
        provider_standing=entry.provider_standing,
        provider_categories=frozenset(entry.provider_categories.split()),
        areas=frozenset(area.id for area in entry.areas),
        topics=frozenset(topic.id for topic in entry.topics),
        tags=frozenset(tag.id for tag in entry.tags),
    )


def days_said(entry: HourEntry) -> str:
    if entry.began_on == entry.ended_on:
        return day(entry.ended_on)
    return f"{day(entry.began_on)} to {day(entry.ended_on)}"


def facts(entry: HourEntry) -> dict[str, str]:
    """What it says, by what the page calls it; what it does not say is empty."""
    said = {
        "Kind of hours": LEDGERS[entry.ledger],
        "Title": entry.title,
        "When": days_said(entry),
        "Hours": hours(entry.minutes),
        "Provider" if entry.ledger == Ledger.RSC else "Trainer": entry.trainer,
        "Organization": entry.provider,
        "Areas": "; ".join(area.name for area in areas_of(entry)),
        "Topics": "; ".join(topic.name for topic in entry.topics),
        "Tags": "; ".join(tag.label for tag in entry.tags),
        "File": entry.evidence.file_name if entry.evidence else "",
    }
    if entry.ledger == Ledger.RSC:
        said |= {
            "Individual or group": group_said(entry.is_group),
            "Provider on that date": STANDINGS[entry.provider_standing],
            "Categories on that date": ", ".join(entry.provider_categories.split()),
        }
    return said


def areas_of(entry: HourEntry) -> list[Area]:
    """Those it names and those of its topics, in the framework's order."""
    areas = {area.id: area for area in (*entry.areas, *(topic.area for topic in entry.topics))}
    return sorted(areas.values(), key=lambda area: area.position)


def group_said(is_group: bool | None) -> str:
    return "" if is_group is None else "Group" if is_group else "Individual"


def changes(before: HourEntry, after: HourEntry) -> list[tuple[str, str, str]]:
    """What a correction changed: its name, what stood there, and what stands there now."""
    old, new = facts(before), facts(after)
    changed = [(name, old.get(name, ""), new.get(name, "")) for name in {**old, **new}]
    found = [one for one in changed if one[1] != one[2]]
    if before.evidence_id != after.evidence_id and not any(name == "File" for name, *_ in found):
        # Another file of the same name.
        found.append(("File", old["File"], f"{new['File']}, another file"))
    return found
