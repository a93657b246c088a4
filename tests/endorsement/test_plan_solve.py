"""The solver's plan is the best there is: it is held against every set of sessions there can be."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings

from catalog.endorsement.plan.problem import Held, Problem, Rule, Worth, broken, worth
from catalog.endorsement.plan.solve import solve
from tests.endorsement.choices import RSC, TRAINING, asked, day, problems, session, spans


def best(problem: Problem) -> Worth:
    """By looking at every set."""
    sets = (
        subset for size in range(len(problem.choices) + 1) for subset in combinations(problem.choices, size)
    )
    return min(worth(problem, subset) for subset in sets if not broken(problem, subset))


def ids(problem: Problem) -> list[int]:
    solution = solve(problem)
    assert solution.is_best
    assert not broken(problem, solution.chosen)
    return [choice.id for choice in solution.chosen]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_it_is_as_good_as_the_best_of_all_sets(problem: Problem) -> None:
    solution = solve(problem, 60)
    assert solution.is_best
    assert not broken(problem, solution.chosen)
    assert solution.worth == worth(problem, solution.chosen) == best(problem)


@settings(max_examples=10, deadline=None)
@given(problems(most=40))
def test_every_rule_is_kept_where_there_are_many(problem: Problem) -> None:
    solution = solve(problem, 20)
    assert broken(problem, solution.chosen) == set()
    assert len({choice.id for choice in solution.chosen}) == len(solution.chosen)


def test_without_needs_nothing_is_chosen() -> None:
    assert ids(Problem(needs=asked(), choices=(session(1, 1),))) == []


def test_topics_come_before_minutes() -> None:
    topic, hours = session(1, 7, training=60, cost=900), session(2, training=600, on=(1,))
    assert ids(Problem(needs=asked(7, training=600), choices=(topic, hours))) == [1]


def test_more_minutes_than_are_short_are_worth_no_more() -> None:
    enough, plenty = session(1, training=120, cost=500), session(2, training=900, cost=900)
    assert ids(Problem(needs=asked(training=120), choices=(enough, plenty))) == [1]


def test_what_can_be_closed_is_closed_whatever_it_costs() -> None:
    cheap, dear = session(1, 1), session(2, 1, 2, cost=90_000, km=900)
    assert ids(Problem(needs=asked(1, 2), choices=(cheap, dear))) == [2]


def test_cost_comes_before_travel_and_travel_before_days() -> None:
    needs = asked(1)
    near, far = session(1, 1, cost=100), session(2, 1, km=500)
    assert ids(Problem(needs=needs, choices=(near, far))) == [2]
    long, away = session(1, 1, on=(1, 2, 3)), session(2, 1, km=10)
    assert ids(Problem(needs=needs, choices=(long, away))) == [1]
    two, one = session(1, 1, on=(1, 2)), session(2, 1)
    assert ids(Problem(needs=needs, choices=(two, one))) == [2]


def test_days_are_counted_session_by_session() -> None:
    problem = Problem(needs=asked(1, 2), choices=(session(1, 1, on=(1,)), session(2, 2, on=(1,), at=4)))
    assert worth(problem, problem.choices).days == 2


def test_no_session_is_in_it_without_need() -> None:
    useful, idle = session(1, 1), session(2, 1, **{**spans(), "on": (3,)})
    assert len(ids(Problem(needs=asked(1), choices=(useful, idle)))) == 1


def test_a_limit_that_the_best_plan_keeps_within_changes_nothing() -> None:
    choices = (session(1, 1, cost=300), session(2, 1, cost=200, km=9), session(3, 2, cost=200))
    problem = Problem(needs=asked(1, 2), choices=choices)
    assert ids(problem) == ids(replace(problem, budget=400)) == [2, 3]
    assert ids(replace(problem, budget=399)) != [2, 3]


# Each rule by itself: with it the second best, without it the best.


def test_costs_no_more_than_the_budget() -> None:
    choices = (session(1, 1, cost=300), session(2, 2, cost=300))
    problem = Problem(needs=asked(1, 2), choices=choices)
    assert len(ids(problem)) == 2
    assert len(ids(replace(problem, budget=500))) == 1


def test_meetings_do_not_overlap() -> None:
    choices = (session(1, 1, on=(1, 8)), session(2, 2, on=(8,), at=1.5))
    assert len(ids(Problem(needs=asked(1, 2), choices=choices))) == 1
    later = replace(choices[1], **spans(8, at=2))
    assert len(ids(Problem(needs=asked(1, 2), choices=(choices[0], later)))) == 2


def test_three_that_overlap_one_long_one() -> None:
    long = session(1, 1, 2, 3, 4, on=(1,), hours=9)
    short = [session(number, number, on=(1,), at=3 * number - 6, hours=1) for number in (2, 3, 4)]
    assert ids(Problem(needs=asked(1, 2, 3, 4), choices=(long, *short))) == [1]
    assert ids(Problem(needs=asked(2, 3, 4), choices=(replace(long, topics=frozenset({2})), *short))) == [
        2,
        3,
        4,
    ]


def test_one_session_of_a_course() -> None:
    """Neither can stand in for the other: one costs less, the other gives more."""
    choices = (session(1, training=60, course_id=5), session(2, training=90, course_id=5, cost=100))
    assert ids(Problem(needs=asked(training=150), choices=choices)) == [2]


def test_what_is_asked_for_first_comes_before() -> None:
    first, after = session(1, on=(9,)), session(2, 2, on=(5,), required=frozenset({1}))
    problem = Problem(needs=asked(2), choices=(first, after))
    assert ids(problem) == []
    before = replace(problem, choices=(replace(first, **spans(3)), after))
    assert ids(before) == [1, 2]
    assert ids(replace(problem, finished=frozenset({1}))) == [2]


def test_courses_that_ask_for_each_other_are_never_taken() -> None:
    one = session(1, 1, required=frozenset({2}), **spans())
    other = session(2, 1, required=frozenset({1}), **spans())
    assert ids(Problem(needs=asked(1), choices=(one, other))) == []


def test_no_more_days_in_a_month_than_wished() -> None:
    choices = tuple(session(number, number, on=(number,)) for number in (1, 2, 3))
    problem = Problem(needs=asked(1, 2, 3), choices=choices)
    assert len(ids(replace(problem, days_a_month=2))) == 2
    same_day = replace(choices[2], **spans(2, at=5))
    assert len(ids(replace(problem, days_a_month=2, choices=(*choices[:2], same_day)))) == 3


def test_days_of_seats_that_are_held_count_in_their_month() -> None:
    choices = (session(1, 1, on=(1,)), session(2, 2, on=(2,)))
    problem = Problem(needs=asked(1, 2), choices=choices, days_a_month=2)
    assert len(ids(problem)) == 2
    assert len(ids(replace(problem, held=(Held(9, days=frozenset({day(7)})),)))) == 1
    assert len(ids(replace(problem, held=(Held(9, days=frozenset({day(2)})),)))) == 2


def test_rsc_from_no_more_providers_than_count() -> None:
    choices = tuple(session(number, rsc=60, provider=f"p{number}") for number in (1, 2, 3))
    problem = Problem(needs=asked(rsc=180), choices=choices, most_providers=2)
    assert len(ids(problem)) == 2
    assert len(ids(replace(problem, providers=frozenset({"p1"})))) == 2
    assert len(ids(replace(problem, providers=frozenset({"p8", "p9"})))) == 0


def test_the_two_ledgers_are_not_added() -> None:
    problem = Problem(
        needs=asked(training=60, rsc=60), choices=(session(1, training=120), session(2, rsc=60))
    )
    assert worth(problem, problem.choices[:1]).minutes_open == 60
    assert problem.choices[0].gives(RSC) == 0
    assert problem.choices[1].gives(TRAINING) == 0


# One session of a course stands in for another only where it does so in every plan. Here the first would be kept.


def test_not_where_it_overlaps_with_what_the_other_does_not() -> None:
    crossing, other = session(1, 1, course_id=5, on=(3,)), session(2, 1, course_id=5, on=(4,))
    problem = Problem(needs=asked(1, 2), choices=(crossing, other, session(3, 2, on=(3,), at=1)))
    assert ids(problem) == [3, 2]


def test_not_where_it_comes_too_late_for_what_asks_for_it() -> None:
    late, early = session(1, course_id=5, on=(9,)), session(2, course_id=5, on=(1,))
    after = session(3, 1, on=(6,), required=frozenset({5}))
    assert ids(Problem(needs=asked(1), choices=(late, early, after))) == [2, 3]


def test_not_where_somebody_else_provides_it() -> None:
    of_other, of_same = (session(number, rsc=60, course_id=5, provider=f"p{number}") for number in (1, 2))
    problem = Problem(needs=asked(rsc=60), choices=(of_other, of_same), most_providers=1)
    assert ids(replace(problem, providers=frozenset({"p2"}))) == [2]


def test_not_where_it_takes_more_days_of_a_month() -> None:
    long, short = session(1, 1, course_id=5, on=(1, 2)), session(2, 1, course_id=5, cost=500)
    assert ids(Problem(needs=asked(1), choices=(long, short), days_a_month=1)) == [2]


# Time.


def crowded(count: int = 400) -> Problem:
    rng = Random(3)
    choices = []
    for number in range(count):
        on = tuple(sorted(rng.sample(range(300), 2)))
        topics = rng.sample(range(40), 2)
        cost, km = rng.choice((1000, 2500, 12000)), rng.randrange(400)
        choices.append(session(number, *topics, on=on, training=120, cost=cost, km=km, course_id=number // 3))
    return Problem(
        needs=asked(*range(40), training=3000), choices=tuple(choices), days_a_month=3, budget=90_000
    )


@pytest.mark.parametrize("seconds", [0, 0.001, 0.4])
def test_when_time_runs_out_it_says_so_and_keeps_every_rule(seconds: float) -> None:
    problem = crowded()
    began = time.monotonic()
    solution = solve(problem, seconds)
    assert not solution.is_best
    assert broken(problem, solution.chosen) == set()
    # Generous: what is shared with other tests is slow.
    assert time.monotonic() - began < seconds + 6


def test_several_people_may_plan_at_once() -> None:
    several = [replace(crowded(40 + number), days_a_month=None, budget=None) for number in range(4)]
    alone = [solve(problem, 20).worth for problem in several]
    with ThreadPoolExecutor(4) as threads:
        together = [solution.worth for solution in threads.map(solve, several, [20] * 4)]
    assert together == alone


def test_more_time_never_makes_it_worse() -> None:
    problem = crowded(60)
    worths = [solve(problem, seconds).worth for seconds in (0.0, 0.2, 10.0)]
    assert worths[0] >= worths[1] >= worths[2]


def test_a_set_that_breaks_a_rule_says_which() -> None:
    one, other = session(1, 1, cost=900), session(2, 2, on=(1,), at=1)
    problem = Problem(needs=asked(1, 2), choices=(one, other), budget=500)
    assert broken(problem, [one, other]) == {Rule.BUDGET, Rule.OVERLAP}
