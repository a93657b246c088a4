"""Hours of reflective supervision/consultation (RSC): who provided them, within which months, from how many.

Of all hours the best choice is made that the rules allow: one window of months, and so many providers. The window
is at most so many months long by the calendar's days; whether it is long enough is counted in calendar months, so
that twelve monthly meetings from January to December are twelve months."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from catalog.competencies.models import Ledger, RuleKind
from catalog.competencies.rulebook import HourLine, Providers, Rulebook, Sources
from catalog.endorsement.rules.amounts import Amount, Verdict
from catalog.endorsement.rules.choice import Choice, Picking, beyond_share, within
from catalog.endorsement.rules.months import touched
from catalog.endorsement.rules.training import HourCheck, is_asked, verdict_of
from catalog.records.ledger import Entry, Sure
from catalog.records.models import Standing
from catalog.wording import day, hours


class Quality(StrEnum):
    """Whether the provider's hours count for this category on that day."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class About(StrEnum):
    WINDOW = "window"
    SOURCES = "sources"
    PROVIDERS = "providers"


@dataclass(frozen=True)
class RscCheck:
    """One rule about RSC beside its hours, with the entries that decide it and the sentence that says how."""

    about: About
    verdict: Verdict
    said: str
    keys: tuple[str, ...] = ()
    edition: str = ""
    is_confirmed: bool = True


@dataclass(frozen=True)
class Reckoned:
    """RSC as the rules let it count. `left_out` says of each entry that does not count why not."""

    hours: list[HourCheck] = field(default_factory=list)
    checks: list[RscCheck] = field(default_factory=list)
    chosen: tuple[str, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)


def quality(entry: Entry, rulebook: Rulebook) -> tuple[Quality, str]:
    """Whether the provider's hours count by the rules of that day, and the sentence that says why not."""
    standing = entry.rsc.standing if entry.rsc else Standing.UNKNOWN
    if standing == Standing.PEERS:
        sources = rulebook.sources_on(entry.on)
        if sources is None:
            return Quality.UNSURE, "No rule here says whether peers count on that day."
        return (
            (Quality.YES, "")
            if sources.peers_count
            else (Quality.NO, "Peer groups without a provider do not count.")
        )
    if standing == Standing.NOT_ENDORSED:
        return Quality.NO, "The provider was not endorsed on that day."
    if standing == Standing.UNKNOWN or entry.rsc is None:
        return Quality.UNSURE, "It is not known how the provider stood on that day."
    rule = rulebook.providers_on(entry.on)
    if rule is None:
        return Quality.UNSURE, "No rule here says who may provide it on that day."
    if standing == Standing.VETTED:
        return (
            (Quality.YES, "")
            if rule.allows_vetted
            else (Quality.NO, "A provider who is vetted only does not count.")
        )
    if rule.accepts(entry.rsc.categories):
        return Quality.YES, ""
    if not entry.rsc.categories:
        return Quality.UNSURE, "The provider's category on that day is not known."
    held = ", ".join(sorted(entry.rsc.categories))
    return Quality.NO, f"The provider held {held} on that day, which does not serve for this category."


def reckon(
    entries: Sequence[Entry],
    rulebook: Rulebook,
    lines: Sequence[HourLine],
    on: date,
    *,
    provides_rsc: bool | None = None,
    with_sources: bool = True,
) -> Reckoned:
    """RSC against its minimum and its tags, with the window, the providers and their number.

    `entries` are those of the RSC ledger. Where nothing is asked, nothing is checked. `with_sources` is off for a
    renewal, of which no rule says from how many it may come."""
    asked = [line for line in lines if line.ledger == Ledger.RSC and is_asked(line, provides_rsc)]
    main = _main(asked)
    if main is None:
        return Reckoned()
    judged = {entry.key: quality(entry, rulebook) for entry in entries}
    tags = {line.tag: line.minutes for line in asked if line.tag and line.kind == RuleKind.MINIMUM}
    pick = Picking(main, rulebook.sources_on(on) if with_sources else None, tags)
    known: dict[tuple[str, ...], Choice] = {}

    def choose(qualities: tuple[Quality, ...], *sure: Sure) -> Choice:
        found = [e for e in entries if e.sure in sure and judged[e.key][0] in qualities]
        keys = tuple(entry.key for entry in found)
        if keys not in known:
            known[keys] = pick.best(found)
        return known[keys]

    certain = choose((Quality.YES,), Sure.VERIFIED)
    perhaps = choose((Quality.YES, Quality.UNSURE), Sure.VERIFIED)
    with_pending = choose((Quality.YES,), Sure.VERIFIED, Sure.PENDING)
    with_planned = choose((Quality.YES,), Sure.VERIFIED, Sure.PENDING, Sure.PLANNED)
    checks = [
        _hour_check(line, (certain, perhaps, with_pending, with_planned), provides_rsc) for line in asked
    ]
    is_enough = all(check.verdict == Verdict.MET for check in checks if check.is_minimum)
    unsure = tuple(key for key in perhaps.keys if judged[key][0] == Quality.UNSURE)
    return Reckoned(
        hours=checks,
        checks=[
            *_or_unsure(_window_check(main, certain), _window_check(main, perhaps)),
            *_or_unsure(_sources_check(pick.sources, certain), _sources_check(pick.sources, perhaps)),
            _providers_check(rulebook.providers_on(on), certain, unsure, is_enough),
        ],
        chosen=certain.keys,
        left_out={
            **_left_out([e for e in entries if e.sure == Sure.VERIFIED], judged, certain, main),
            **_left_out([e for e in entries if e.sure == Sure.PENDING], judged, with_pending, main),
        },
    )


def _main(asked: Sequence[HourLine]) -> HourLine | None:
    """The minimum of all hours; where only hours with a tag are asked, of nothing. None where nothing is asked."""
    minimums = [line for line in asked if line.kind == RuleKind.MINIMUM and line.minutes]
    if not minimums:
        return None
    return next((line for line in minimums if line.tag is None), replace(minimums[0], tag=None, minutes=0))


def _hour_check(
    line: HourLine, choices: tuple[Choice, Choice, Choice, Choice], provides_rsc: bool | None
) -> HourCheck:
    certain, perhaps, pending, planned = (
        choice.tagged(line.tag) if line.tag else choice.minutes for choice in choices
    )
    found = Amount(certain, max(pending - certain, 0), max(planned - max(pending, certain), 0))
    verdict = verdict_of(line, certain, provides_rsc)
    if verdict == Verdict.NOT_YET and perhaps >= line.minutes:
        verdict = Verdict.UNSURE
    deciding = [e.key for e in choices[0].entries if line.tag is None or line.tag in e.tags]
    return HourCheck(line, found, verdict, tuple(deciding))


def _or_unsure(certain: list[RscCheck], perhaps: list[RscCheck]) -> list[RscCheck]:
    """A rule that would be met if what is not known were so is not "not yet"."""
    return [
        replace(more, verdict=Verdict.UNSURE)
        if one.verdict == Verdict.NOT_YET and more.verdict == Verdict.MET
        else one
        for one, more in zip(certain, perhaps, strict=True)
    ]


def _window_check(main: HourLine, chosen: Choice) -> list[RscCheck]:
    if main.months is None:
        return []
    least, most = main.months
    asked = f"{least} to {most} months" if least else f"at most {_months(most)}"
    verdict, said = Verdict.NOT_YET, f"The hours must fall within {asked}."
    if chosen.entries:
        first, last = min(e.began for e in chosen.entries), max(e.on for e in chosen.entries)
        months = touched(first, last)
        verdict = Verdict.MET if months >= least else Verdict.NOT_YET
        said = f"From {day(first)} to {day(last)}, {_months(months)}; {asked} are asked."
    return [RscCheck(About.WINDOW, verdict, said, chosen.keys, main.edition, main.is_confirmed)]


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def _sources_check(sources: Sources | None, chosen: Choice) -> list[RscCheck]:
    if sources is None:
        return []
    given = chosen.by_provider
    total, top = chosen.minutes, next(iter(given.values()), 0)
    others = "one other" if sources.most_providers == 2 else f"{sources.most_providers - 1} others"
    asked = (
        f"Most hours come from one provider, the rest from at most {others}"
        if sources.most_providers > 1
        else "All hours come from one provider"
    )
    if not given:
        verdict, found = Verdict.NOT_YET, "there are none yet"
    elif len(given) == 1:
        verdict, found = Verdict.MET, "yours come from one"
    else:
        over = beyond_share(sources, given.values())
        verdict = Verdict.MET if over > 0 else Verdict.UNSURE if over == 0 else Verdict.NOT_YET
        found = f"{hours(top)} of your {hours(total)} come from one"
    return [
        RscCheck(
            About.SOURCES,
            verdict,
            f"{asked}; {found}.",
            chosen.keys,
            sources.edition,
            sources.is_confirmed,
        )
    ]


def _providers_check(
    rule: Providers | None, chosen: Choice, unsure: tuple[str, ...], is_enough: bool
) -> RscCheck:
    """`unsure` are entries that might count; they matter only while the others are not enough."""
    if chosen.entries and (is_enough or not unsure):
        verdict, keys = Verdict.MET, chosen.keys
        said = "Whoever provided the hours that count was qualified on that day."
    elif unsure:
        verdict, keys = Verdict.UNSURE, unsure
        said = "It is not known of every provider whether they were qualified on that day."
    else:
        verdict, keys = Verdict.NOT_YET, ()
        said = "The provider must be endorsed, in a category that serves for this one, on that day."
    edition, is_confirmed = (rule.edition, rule.is_confirmed) if rule else ("", False)
    return RscCheck(About.PROVIDERS, verdict, said, keys, edition, is_confirmed)


def _left_out(
    entries: Sequence[Entry], judged: dict[str, tuple[Quality, str]], chosen: Choice, main: HourLine
) -> dict[str, str]:
    """Why each of the entries that is not among the chosen does not count."""
    taken = set(chosen.keys)
    inside = {entry.key for entry in within(entries, chosen.opens, main)}
    found = {}
    for entry in entries:
        if entry.key in taken:
            continue
        why, sentence = judged[entry.key]
        if why != Quality.YES:
            found[entry.key] = sentence
        elif main.months and entry.key not in inside:
            found[entry.key] = f"It lies outside the {main.months[1]} months that hold most of your hours."
        else:
            found[entry.key] = "It comes from one provider more than may count."
    return found
