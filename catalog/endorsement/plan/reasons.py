"""Why a need stays open: the true reason, from the sessions that would fill it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from catalog.competencies.models import Ledger
from catalog.endorsement.plan.bars import Bar
from catalog.endorsement.plan.explain import Names, listed
from catalog.endorsement.plan.problem import (
    Choice,
    Line,
    Problem,
    Rule,
    broken,
    open_minutes,
    open_topics,
)
from catalog.endorsement.plan.wishes import Wishes
from catalog.wording import day, hours, money

NO_COURSE = "No course in this catalog covers it."
NO_HOURS = "No course in this catalog gives such hours."
NO_DATES = "There are courses, but no session of them has dates now."
TIME_RAN_OUT = "There was no time to try everything; plan again, perhaps with narrower wishes."


@dataclass(frozen=True)
class Looked:
    """Everything that was looked at. `barred` says of each session that could not be chosen why not; `topics` and
    `lines` are what any course in the catalog gives, with a session or without."""

    problem: Problem
    chosen: Sequence[Choice]
    barred: Mapping[Choice, tuple[Bar, ...]]
    wishes: Wishes
    topics: Collection[int]
    lines: Collection[Line]
    is_best: bool = True


@dataclass(frozen=True)
class StaysOpen:
    what: str
    why: str


def stays_open(looked: Looked, names: Names) -> list[StaysOpen]:
    """Each topic in the order of `names`, then each line with the hours that are still short."""
    found = []
    needs = looked.problem.needs
    missing = open_topics(needs, looked.chosen)
    for topic in (topic for topic in names.topics if topic in missing):
        why = _why(_fills_topic(looked, topic), NO_DATES if topic in looked.topics else NO_COURSE)
        found.append(StaysOpen(names.topics[topic], why))
    for line, minutes in open_minutes(needs, looked.chosen).items():
        why = _why(_gives_line(looked, line), NO_DATES if line in looked.lines else NO_HOURS)
        found.append(StaysOpen(f"{hours(minutes)} of {names.line(line)}", why))
    return found


@dataclass(frozen=True)
class _Filling:
    """What would fill one need: sessions that may be chosen, and those that may not with their reasons."""

    looked: Looked
    free: Sequence[Choice]
    barred: Mapping[Choice, tuple[Bar, ...]]


def _fills_topic(looked: Looked, topic: int) -> _Filling:
    """Who provides RSC is of no matter to a topic."""
    free = [choice for choice in looked.problem.choices if topic in choice.topics]
    barred = {
        choice: kept
        for choice, found in looked.barred.items()
        if topic in choice.topics and (kept := tuple(bar for bar in found if bar != Bar.PROVIDER))
    }
    return _Filling(looked, free, barred)


def _gives_line(looked: Looked, line: Line) -> _Filling:
    free = [choice for choice in looked.problem.choices if choice.gives(line)]

    def would_give(choice: Choice) -> bool:
        has_tag = line.tag is None or line.tag in choice.tags
        return bool(choice.gives(line)) or (line.ledger == Ledger.RSC and choice.is_unqualified and has_tag)

    barred = {choice: found for choice, found in looked.barred.items() if would_give(choice)}
    return _Filling(looked, free, barred)


def _why(filling: _Filling, nothing: str) -> str:
    looked = filling.looked
    left = [choice for choice in filling.free if choice not in looked.chosen]
    if left:
        return _why_not_chosen(looked, left)
    if not filling.barred:
        return "The plan takes every session that gives some of it." if filling.free else nothing
    said = _why_barred(looked.wishes, filling.barred)
    return f"The plan takes what fits of it. Of the others: {said}" if filling.free else said


def _why_barred(wishes: Wishes, barred: Mapping[Choice, tuple[Bar, ...]]) -> str:
    """One reason where it holds for all, else how many there are of each."""
    common = [bar for bar in Bar if all(bar in bars for bars in barred.values())]
    if common:
        return _sentence(common[0], wishes, list(barred))
    first: dict[Bar, int] = {}
    for bars in barred.values():
        first[bars[0]] = first.get(bars[0], 0) + 1
    parts = [f"{first[bar]} {_part(bar, first[bar], wishes)}" for bar in Bar if bar in first]
    return f"None of {len(barred)} sessions fits: {listed(parts)}."


def _sentence(bar: Bar, wishes: Wishes, barred: Sequence[Choice]) -> str:
    many = len(barred) > 1
    match bar:
        case Bar.HELD:
            return "You are on a session of the only course that fills it already."
        case Bar.CLOSED:
            said = {choice.closed for choice in barred}
            return said.pop() if len(said) == 1 and not many else "Nobody can join these sessions now."
        case Bar.FULL:
            return (
                "All sessions that fill it are full." if many else "The only session that fills it is full."
            )
        case Bar.ASKS:
            return "It asks for approval or an answer, so you have to ask for that seat yourself."
        case Bar.LATE:
            first = min(choice.days[-1] for choice in barred)
            return f"Only sessions after {day(wishes.by)} fill it; the first of them ends on {day(first)}."
        case Bar.ELSEWHERE:
            return "Only sessions in other places than you wish for fill it."
        case Bar.WEEKDAY:
            return "Only sessions on other days of the week fill it."
        case Bar.OVERLAPS:
            return "What fills it overlaps with a session you are on."
        case Bar.PRICE:
            return "The price of what fills it is not stated, so it cannot be held against your limit."
        case Bar.BUDGET:
            cheapest = min(choice.cost or 0 for choice in barred)
            return f"What fills it costs more than your limit: {money(cheapest)} at least."
        case Bar.FIRST:
            return "It asks for a course first that you have not finished, and no session of that one comes before."
        case Bar.PROVIDER:
            return (
                "The hours would not count: the provider is not known to be qualified for this category on that day, "
                "or they lie outside the months that are asked for."
            )


def _part(bar: Bar, count: int, wishes: Wishes) -> str:
    is_one = count == 1
    are, ask, end, cost, overlap = (
        ("is", "asks", "ends", "costs", "overlaps") if is_one else ("are", "ask", "end", "cost", "overlap")
    )
    return {
        Bar.HELD: f"{are} of a course you are on already",
        Bar.CLOSED: f"{are} not open for joining",
        Bar.FULL: f"{are} full",
        Bar.ASKS: f"{ask} for approval or an answer",
        Bar.LATE: f"{end} after {day(wishes.by)}",
        Bar.ELSEWHERE: f"{are} in other places than you wish for",
        Bar.WEEKDAY: f"{are} on other days of the week",
        Bar.OVERLAPS: f"{overlap} with a session you are on",
        Bar.PRICE: f"{'has' if is_one else 'have'} no stated price",
        Bar.BUDGET: f"{cost} more than your limit",
        Bar.FIRST: f"{ask} for a course first that cannot be finished before",
        Bar.PROVIDER: "would give hours that do not count",
    }[bar]


def _why_not_chosen(looked: Looked, left: Sequence[Choice]) -> str:
    """What each that was left would break if it were added; the one that breaks least is said."""
    problem, chosen = looked.problem, list(looked.chosen)
    found = [(broken(problem, [*chosen, choice]), choice) for choice in left]
    if any(not rules for rules, _ in found):
        return TIME_RAN_OUT if not looked.is_best else "Another session closes it no further."
    alone = {next(iter(rules)): choice for rules, choice in reversed(found) if len(rules) == 1}
    if Rule.BUDGET in alone:
        rest = (problem.budget or 0) - sum(choice.cost or 0 for choice in chosen)
        return (
            f"It costs more than what is left of your limit, which is {money(rest) if rest else 'nothing'}."
        )
    if Rule.MONTH in alone:
        return "It would need more days in a month than you wish for."
    if Rule.OVERLAP in alone:
        choice = alone[Rule.OVERLAP]
        with_ = [f"“{other.title}”" for other in chosen if choice.overlaps(other.spans)]
        return f"It meets at the same time as {listed(with_)}, which closes more."
    if Rule.PROVIDERS in alone:
        return "RSC from one more provider would not count beside the others."
    if Rule.COURSE in alone:
        return "You take another session of the same course in this plan."
    if Rule.ORDER in alone:
        return "It asks for a course first that you have not finished, and that course does not fit into the plan."
    return "It was kept out because other sessions close more within your wishes."
