"""How readiness is said. Never an approval: whether it is enough is for the association to say."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from catalog.competencies.models import Ledger, RuleKind
from catalog.competencies.wording import LEDGERS
from catalog.endorsement.openings import Choice, Gaps
from catalog.endorsement.rules import Amount, AreaCover, HourCheck, Readiness, Renewal, TopicState, Verdict
from catalog.records.ledger import Entry
from catalog.wording import day, hours


class Badge(NamedTuple):
    text: str
    tone: str


VERDICTS = {
    Verdict.MET: Badge("Met", "leaf"),
    Verdict.NOT_YET: Badge("Not yet", "clay"),
    Verdict.UNSURE: Badge("Cannot tell", "sun"),
}
TOPICS = {
    TopicState.COVERED: Badge("Covered", "leaf"),
    TopicState.PENDING: Badge("Not looked at yet", "sun"),
    TopicState.PLANNED: Badge("Booked", "sun"),
    TopicState.MISSING: Badge("Missing", "clay"),
    TopicState.REFERENCES: Badge("References", "soft"),
}
RULES = {
    "window": "Time in which they fall",
    "sources": "From how many providers",
    "providers": "Who provided them",
}
ORDER = (TopicState.COVERED, TopicState.PENDING, TopicState.PLANNED, TopicState.MISSING)


def verdict(of: Verdict) -> Badge:
    return VERDICTS[of]


def topic_state(of: TopicState) -> Badge:
    return TOPICS[of]


def area_state(cover: AreaCover) -> Badge:
    """ "1 missing" where only some is, "Missing" where all of it is."""
    missing = cover.count(TopicState.MISSING)
    if cover.state == TopicState.MISSING and missing < len(cover.topics):
        return Badge(f"{missing} missing", "sun")
    return TOPICS[cover.state]


def topics_said(cover: AreaCover) -> str:
    """ "7 of 8 topics covered, 1 booked"."""
    parts = [f"{cover.count(TopicState.COVERED)} of {len(cover.topics)} topics covered"]
    if pending := cover.count(TopicState.PENDING):
        parts.append(f"{pending} not looked at yet")
    if planned := cover.count(TopicState.PLANNED):
        parts.append(f"{planned} booked")
    return ", ".join(parts)


def squares(cover: AreaCover) -> list[TopicState]:
    """The topics of an area for the picture: what is furthest stands first."""
    if cover.area.by_references:
        order = (TopicState.COVERED, TopicState.PENDING, TopicState.PLANNED, TopicState.REFERENCES)
    else:
        order = ORDER
    return [state for state in order for _ in range(cover.count(state))]


def check_name(check: HourCheck) -> str:
    name = LEDGERS[check.line.ledger]
    if check.line.tag:
        return f"{name}, of these: {check.line.tag_label}"
    return f"{name}, typically accepted" if check.line.kind == RuleKind.TYPICAL else name


def amount_said(amount: Amount, minutes: int) -> str:
    """ "21 h verified, 3 h not looked at yet, 6 h booked of 30 h"."""
    parts = [f"{hours(amount.verified)} verified"]
    if amount.pending:
        parts.append(f"{hours(amount.pending)} not looked at yet")
    if amount.planned:
        parts.append(f"{hours(amount.planned)} booked")
    return f"{', '.join(parts)} of {hours(minutes)}"


def ledger_said(ready: Readiness, ledger: Ledger) -> str:
    """Beside the bar: what there is, the minimum, and what is typical."""
    least, typical = ready.check(ledger), ready.check(ledger, RuleKind.TYPICAL)
    amount = least.amount if least else Amount()
    parts = [amount_said(amount, least.line.minutes) + " at least" if least else "none asked"]
    if typical:
        parts.append(f"{hours(typical.line.minutes)} typical")
    return " · ".join(parts)


def in_short(ready: Readiness) -> str:
    """One sentence for a list: what is still missing, which is neither verified nor waiting nor booked."""
    missing = len(ready.missing)
    parts = [f"{missing} topic" if missing == 1 else f"{missing} topics"] if missing else []
    for ledger, word in ((Ledger.TRAINING, "training"), (Ledger.RSC, "RSC")):
        check = ready.check(ledger)
        if check and check.still_open:
            parts.append(f"{hours(check.still_open)} of {word}")
    parts += [
        f"{hours(check.still_open)} of “{check.line.tag_label}”" for check in ready.tags if check.still_open
    ]
    if parts:
        return f"Still missing: {', '.join(parts)}."
    if ready.is_complete:
        return "Everything that can be counted here is there."
    return "Nothing more to book: what is left is booked, is not looked at yet, or cannot be told from here."


def standing_said(found: Readiness | Renewal) -> list[str]:
    """How somebody stands in short phrases, one for each rule, so that two standings can be laid side by side."""
    said = [
        f"{check_name(check)}: {hours(check.amount.verified)} of {hours(check.line.minutes)}, "
        f"{VERDICTS[check.verdict].text.lower()}"
        for check in found.checks
    ]
    said += [f"{RULES[check.about]}: {VERDICTS[check.verdict].text.lower()}" for check in found.rsc.checks]
    if isinstance(found, Renewal):
        said.append(f"deadline {day(found.deadline)}, counted from {day(found.begins)}")
        if found.membership:
            said.append(f"membership: {VERDICTS[found.membership].text.lower()}")
    else:
        missing = len(found.missing)
        said.append("1 topic missing" if missing == 1 else f"{missing} topics missing")
    return said


def fills(choice: Choice, gaps: Gaps, names: Mapping[int, str], tags: Mapping[str, str]) -> str:
    """ "Covers Attachment and 2 more that you miss"."""
    found = [names[topic] for topic in sorted(choice.topics & gaps.topics) if topic in names]
    found += [f"hours of “{tags.get(tag, tag)}”" for tag in sorted(choice.tags & gaps.tags)]
    if not found:
        return "Gives hours you miss"
    more = f" and {len(found) - 2} more" if len(found) > 2 else ""
    return f"Fills {' and '.join(found[:2]) if not more else ', '.join(found[:2])}{more}"


def first_seats(cover: AreaCover, next_seats: Mapping[str, list[Choice]], most: int = 2) -> list[Choice]:
    """The first few sessions for an area, each once, however many of its topics they cover."""
    found: dict[int, Choice] = {}
    for topic in cover.missing:
        for choice in next_seats.get(f"topic-{topic.topic.id}", []):
            found.setdefault(choice.id, choice)
    return sorted(found.values(), key=lambda choice: -len(choice.topics))[:most]


def strip_codes(choice: Choice, ready: Readiness) -> tuple[list[str], list[str], list[str]]:
    """For the strip: areas it covers, areas that are still missing, and those of them that it fills."""
    missed = {topic.area_id for topic in ready.missing}
    filled = {topic.area_id for topic in ready.missing if topic.id in choice.topics}
    areas = ready.rulebook.areas
    covered = [area.code for area in areas if area.id in choice.areas]
    return (
        covered,
        [area.code for area in areas if area.id in missed],
        [area.code for area in areas if area.id in filled],
    )


def rules_in_short(ready: Readiness) -> str:
    """ "3 of 5 rules met, 1 cannot be told"."""
    verdicts = [*(check.verdict for check in ready.checks), *(check.verdict for check in ready.rsc.checks)]
    parts = [f"{verdicts.count(Verdict.MET)} of {len(verdicts)} rules met"]
    if unsure := verdicts.count(Verdict.UNSURE):
        parts.append(f"{unsure} cannot be told from here")
    return ", ".join(parts)


def topic_names(ready: Readiness) -> dict[int, str]:
    return {topic.id: topic.name for topic in ready.rulebook.topics}


def tag_names(checks: Iterable[HourCheck]) -> dict[str, str]:
    return {check.line.tag: check.line.tag_label for check in checks if check.line.tag}


def asked_said(ready: Readiness, asked: Mapping[str, str]) -> str:
    """What a page of seats is about."""
    if asked.get("topic"):
        return next(topic.name for topic in ready.rulebook.topics if topic.code == asked["topic"])
    if asked.get("tag"):
        return tag_names(ready.checks)[asked["tag"]]
    if asked.get("ledger"):
        return LEDGERS[Ledger(asked["ledger"])]
    return "what you miss"


def entry_said(entry: Entry) -> str:
    return f"{entry.title}, {day(entry.on)}"


def deadline_said(found: Renewal) -> str:
    left = found.days_left
    if left < 0:
        return f"The deadline was {day(found.deadline)}."
    if left == 0:
        return "Today is the last day."
    return f"{left} {'day' if left == 1 else 'days'} left, until {day(found.deadline)}."


def renewal_in_short(found: Renewal) -> str:
    if found.is_complete:
        return "The hours of this period are all there."
    parts = [
        f"{hours(check.missing)} of {check_name(check)[0].lower()}{check_name(check)[1:]}"
        for check in found.open
    ]
    if found.membership and found.membership != Verdict.MET:
        parts.append("a current membership")
    return f"Still missing: {'; '.join(parts)}."
