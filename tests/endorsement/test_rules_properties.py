"""What is true of the rules whatever somebody did. Small ledgers, a window and sources as the framework has them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.competencies.models import Condition, Ledger, Purpose, RuleKind
from catalog.competencies.rulebook import HourLine, Rulebook, Sources
from catalog.endorsement.rules import Readiness, TopicState, Verdict, period_from, readiness, renewal
from catalog.endorsement.rules.months import last_day, later, touched
from catalog.endorsement.rules.rsc import About
from catalog.records.ledger import Entry, Rsc, Sure
from catalog.records.models import Standing
from tests.endorsement.people import TOPICS, TWO_SOURCES, book, line

# Whoever changes the rules may well try 5,000.
tried = settings(max_examples=40, deadline=None)
ON = date(2026, 11, 28)
TAG = "about"
GIVING: dict[str, Any] = {"condition": Condition.PROVIDES_RSC, "applies_when": "one provides RSC"}
RULES = book(
    line(10),
    line(20, kind=RuleKind.TYPICAL),
    line(4, tag=TAG),
    line(2, tag="giving", **GIVING),
    line(12, Ledger.RSC, months=(6, 12)),
    line(5, Ledger.RSC, tag=TAG),
    line(8, purpose=Purpose.RENEWAL),
    line(6, Ledger.RSC, purpose=Purpose.RENEWAL),
)
ENDORSED = Rsc("rosa", Standing.ENDORSED, frozenset({"IMHM-C"}))
COUNTS = {"YES": ENDORSED, "NO": Rsc("rosa", Standing.NOT_ENDORSED), "UNSURE": Rsc("rosa", Standing.UNKNOWN)}

days = st.integers(0, 900).map(lambda number: ON - timedelta(days=number))
minutes = st.integers(1, 16).map(lambda quarters: quarters * 45)
tags = st.sets(st.sampled_from([TAG, "giving"]), max_size=2).map(frozenset)
topics = st.sets(st.sampled_from([topic.id for topic in TOPICS]), max_size=3).map(frozenset)


@st.composite
def entries(
    draw: st.DrawFn,
    ledgers: Sequence[Ledger] = tuple(Ledger),
    sure: Sequence[Sure] = tuple(Sure),
    counts: Sequence[str] = tuple(COUNTS),
) -> Entry:
    ledger, last = draw(st.sampled_from(ledgers)), draw(days)
    provider = COUNTS[draw(st.sampled_from(counts))]._replace(who=draw(st.sampled_from("abcd")))
    return Entry(
        key="",
        ledger=ledger,
        began=last - timedelta(days=draw(st.sampled_from([0, 0, 0, 40, 500]))),
        on=last,
        minutes=draw(minutes),
        sure=draw(st.sampled_from(sure)),
        tags=draw(tags),
        topics=draw(topics),
        areas=frozenset({1}),
        rsc=provider if ledger == Ledger.RSC else None,
    )


def lists(most: int = 7, **more: Any) -> st.SearchStrategy[list[Entry]]:
    return st.lists(entries(**more), max_size=most).map(numbered)


def numbered(found: Iterable[Entry]) -> list[Entry]:
    return [entry._replace(key=f"entry-{number}") for number, entry in enumerate(found, 1)]


knows = st.sampled_from([True, False, None])


def found(of: Sequence[Entry], on: date = ON, rules: Rulebook = RULES, **more: Any) -> Readiness:
    return readiness(of, rules, on, **more)


# The choice, against every choice that there is.

RSC_LINE = next(one for one in RULES.hours if one.ledger == Ledger.RSC and not one.tag)


def every_choice(of: Sequence[Entry], most: int) -> Iterable[list[Entry]]:
    """Whatever lies within one window and comes from as many providers as may be, or from all of them.

    Nothing is left out so that shares become unequal: a window within another is none of its own."""
    windows = [
        [e for e in of if opens <= e.began and e.on <= last_day(opens, 12)] for opens in {e.began for e in of}
    ]
    keys = [{entry.key for entry in inside} for inside in windows]
    for inside in windows:
        if any({entry.key for entry in inside} < other for other in keys):
            continue
        names = {entry.rsc.who for entry in inside if entry.rsc}
        for some in [some for size in range(1, most + 1) for some in combinations(names, size)]:
            yield [entry for entry in inside if entry.rsc and entry.rsc.who in some]


def worth(of: Sequence[Entry], most: int) -> tuple[int, int, bool, bool, int]:
    """Toward the minimum, toward the tag, long enough, one main provider, and in all."""
    whole = sum(entry.minutes for entry in of)
    tagged = sum(entry.minutes for entry in of if TAG in entry.tags)
    by_provider: dict[str, int] = {}
    for entry in of:
        name = entry.rsc.who if entry.rsc else ""
        by_provider[name] = by_provider.get(name, 0) + entry.minutes
    months = touched(min(e.began for e in of), max(e.on for e in of)) if of else 0
    has_main = max(by_provider.values(), default=0) * 2 > whole
    return min(whole, 12 * 60), min(tagged, 5 * 60), months >= 6, has_main, whole


@tried
@given(lists(ledgers=[Ledger.RSC], sure=[Sure.VERIFIED], counts=["YES"]), st.integers(1, 3))
def test_no_window_and_no_providers_are_better_than_the_chosen(of: list[Entry], most: int) -> None:
    rules = replace(RULES, sources=(Sources(most_providers=most),))
    chosen = [entry for entry in of if entry.key in found(of, rules=rules).rsc.chosen]
    best = max((worth(one, most) for one in every_choice(of, most) if one), default=worth([], most))
    assert worth(chosen, most) == best


@tried
@given(lists(ledgers=[Ledger.RSC], sure=[Sure.VERIFIED], counts=["YES"]))
def test_what_is_chosen_lies_in_one_window_and_comes_from_two(of: list[Entry]) -> None:
    chosen = [entry for entry in of if entry.key in found(of).rsc.chosen]
    assert len({entry.rsc.who for entry in chosen if entry.rsc}) <= TWO_SOURCES.most_providers
    for opens in [min(entry.began for entry in chosen)] if chosen else []:
        assert all(entry.on <= last_day(opens, 12) for entry in chosen)


# More hours.


@tried
@given(lists(), entries(ledgers=[Ledger.TRAINING]), knows)
def test_another_training_takes_nothing_away(of: list[Entry], more: Entry, gives: bool | None) -> None:
    before = found(of, provides_rsc=gives)
    after = found(numbered([*of, more]), provides_rsc=gives)
    for one, other in zip(before.checks, after.checks, strict=True):
        assert all(some <= others for some, others in zip(one.amount, other.amount, strict=True))
        assert one.verdict in (Verdict.NOT_YET, Verdict.UNSURE, other.verdict)
    assert before.has_hours <= after.has_hours
    assert before.is_complete <= after.is_complete
    assert {topic.id for topic in after.missing} <= {topic.id for topic in before.missing}


@tried
@given(
    lists(ledgers=[Ledger.RSC], counts=["YES", "NO", "UNSURE"]),
    entries(ledgers=[Ledger.RSC], sure=[Sure.VERIFIED], counts=["YES"]),
)
def test_more_rsc_never_takes_away_from_the_minimum(of: list[Entry], more: Entry) -> None:
    """Nor from having all of it, but that a provider who gives as much as the main one makes that unsure."""
    before, after = found(of), found(numbered([*of, more]))
    one, other = before.check(Ledger.RSC), after.check(Ledger.RSC)
    assert one
    assert other
    assert min(one.amount.verified, 12 * 60) <= min(other.amount.verified, 12 * 60)
    assert one.verdict in (Verdict.NOT_YET, Verdict.UNSURE, other.verdict)
    if all_but_main(before):
        assert all_but_main(after)


def all_but_main(of: Readiness) -> bool:
    hours = [check.verdict for check in of.rsc.hours]
    rules = [check.verdict for check in of.rsc.checks if check.about != About.SOURCES]
    return all(verdict == Verdict.MET for verdict in (*hours, *rules))


# Order, ledgers, days.


@tried
@given(lists(), st.randoms(use_true_random=False), knows)
def test_the_order_of_entries_is_irrelevant(of: list[Entry], chance: Any, gives: bool | None) -> None:
    other = list(of)
    chance.shuffle(other)
    assert found(of, provides_rsc=gives) == found(other, provides_rsc=gives)
    period: dict[str, Any] = {"endorsed_on": date(2020, 5, 6), "valid_until": date(2026, 12, 31)}
    assert renewal(of, RULES, ON, **period) == renewal(other, RULES, ON, **period)


@tried
@given(lists(), lists(ledgers=[Ledger.RSC]))
def test_rsc_changes_nothing_of_training(of: list[Entry], more: list[Entry]) -> None:
    before, after = found(of), found(numbered([*of, *more]))
    assert (before.training, before.areas) == (after.training, after.areas)
    assert in_ledger(before, Ledger.TRAINING) == in_ledger(after, Ledger.TRAINING)


@tried
@given(lists(), lists(ledgers=[Ledger.TRAINING]))
def test_training_changes_nothing_of_rsc(of: list[Entry], more: list[Entry]) -> None:
    before, after = found(of), found(numbered([*of, *more]))
    assert before.rsc == after.rsc


def in_ledger(of: Readiness, ledger: Ledger) -> list[Any]:
    return [check for check in of.checks if check.line.ledger == ledger]


@tried
@given(lists(sure=[Sure.VERIFIED, Sure.PENDING]), days)
def test_what_came_later_is_not_known_yet(of: list[Entry], on: date) -> None:
    assert found(of, on) == found([entry for entry in of if entry.on <= on], on)


@tried
@given(lists())
def test_what_does_not_count_is_as_if_it_were_not_there(of: list[Entry]) -> None:
    more = [
        e._replace(key=f"{e.key}0", **how)
        for e in of
        for how in ({"not_counted": "Sent back."}, {"minutes": 0})
    ]
    assert found([*more, *of]) == found(of)


# Sure and unsure.


@tried
@given(lists(counts=["YES", "NO"]), st.booleans())
def test_where_all_is_known_nothing_is_unsure_but_equal_shares(of: list[Entry], gives: bool) -> None:
    has = found(of, provides_rsc=gives)
    assert Verdict.UNSURE not in [check.verdict for check in has.checks]
    unsure = [check for check in has.rsc.checks if check.verdict == Verdict.UNSURE]
    assert [check.about for check in unsure] in ([], [About.SOURCES])
    if unsure:
        by_provider: dict[str, int] = {}
        for entry in of:
            if entry.key in has.rsc.chosen and entry.rsc:
                by_provider[entry.rsc.who] = by_provider.get(entry.rsc.who, 0) + entry.minutes
        assert len(set(by_provider.values())) == 1 < len(by_provider)


@tried
@given(lists(), knows)
def test_what_waits_and_what_is_booked_meet_nothing(of: list[Entry], gives: bool | None) -> None:
    verified = [entry for entry in of if entry.sure == Sure.VERIFIED]
    assert verdicts(found(of, provides_rsc=gives)) == verdicts(found(verified, provides_rsc=gives))


def verdicts(of: Readiness) -> list[Verdict]:
    return [check.verdict for check in of.checks] + [check.verdict for check in of.rsc.checks]


@tried
@given(lists())
def test_every_hour_of_rsc_counts_or_says_why_not(of: list[Entry]) -> None:
    has = found(of).rsc
    verified = {e.key for e in of if e.ledger == Ledger.RSC and e.sure == Sure.VERIFIED}
    assert verified == {*has.chosen} | ({*has.left_out} & verified)
    assert not {*has.chosen} & {*has.left_out}
    assert all(sentence.endswith(".") for sentence in has.left_out.values())


@tried
@given(lists())
def test_the_minutes_are_those_of_the_entries_that_decide(of: list[Entry]) -> None:
    by_key = {entry.key: entry for entry in of}
    has = found(of)
    for check in has.checks:
        sure = [by_key[key] for key in check.keys]
        assert sum(e.minutes for e in sure if e.sure == Sure.VERIFIED) == check.amount.verified
        assert all(check.line.tag is None or check.line.tag in entry.tags for entry in sure)


@tried
@given(lists())
def test_a_topic_is_missing_only_when_no_training_names_it(of: list[Entry]) -> None:
    named = {topic for entry in of if entry.ledger == Ledger.TRAINING for topic in entry.topics}
    for area in found(of).areas:
        for topic in area.topics:
            is_open = topic.state in (TopicState.MISSING, TopicState.REFERENCES)
            assert is_open == (topic.topic.id not in named)


# Days of the calendar.


@tried
@given(st.dates(), st.integers(-40_000, 40_000))
def test_no_day_is_too_early_or_too_late(day: date, months: int) -> None:
    assert date.min <= later(day, months) <= date.max
    assert day <= last_day(day, max(months, 1))


@tried
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.integers(1, 60))
def test_the_day_after_the_last_is_never_in(first: date, months: int) -> None:
    """So many months and a day touch the same day of the month again, or one beyond it."""
    after = last_day(first, months) + timedelta(days=1)
    assert touched(first, after) in (months + 1, months + 2)
    assert after.day in (first.day, 1)


odd_days = st.sampled_from([date.min, date(1, 12, 31), date(2024, 2, 29), date(9999, 1, 1), date.max])


@tried
@given(odd_days, odd_days, odd_days, st.integers(1, 400))
def test_odd_days_are_reckoned_too(on: date, first: date, last: date, most: int) -> None:
    of = [
        Entry(key="entry-1", ledger=Ledger.RSC, began=min(first, last), on=last, minutes=60, rsc=ENDORSED),
        Entry(key="entry-2", ledger=Ledger.TRAINING, began=last, on=last, minutes=10**9),
    ]
    lines: tuple[HourLine, ...] = (line(1, Ledger.RSC, months=(0, most)),)
    has = readiness(of, replace(RULES, hours=(*RULES.hours, *lines)), on)
    assert has.training.verified in (0, 10**9)
    assert renewal(of, RULES, on, endorsed_on=first, valid_until=last).deadline == last
    assert period_from(last, RULES)[0] <= last
