"""Why a need stays open: each true reason by itself; and why a session is in the plan."""

from dataclasses import replace
from typing import Any

import pytest

from catalog.endorsement.plan.bars import Bar, bars
from catalog.endorsement.plan.draft import draft
from catalog.endorsement.plan.explain import Names
from catalog.endorsement.plan.problem import Choice, Held, Needs, Problem, in_reach
from catalog.endorsement.plan.reasons import NO_COURSE, NO_DATES, NO_HOURS, TIME_RAN_OUT, Looked, stays_open
from catalog.endorsement.plan.wishes import Wishes, wishes_from
from tests.endorsement.choices import RSC, TAGGED, TRAINING, asked, day, session, spans

NAMES = Names({1: "Attachment", 2: "Systems", 3: "Play"}, {"core": "core hours"})
WISHES = Wishes(by=day(60))


def looked(needs: Needs, *choices: Choice, wishes: Wishes = WISHES, held: tuple[Held, ...] = ()) -> Looked:
    """As the queries put it together."""
    barred = {one: found for one in choices if (found := bars(one, wishes, held))}
    problem = Problem(
        needs=needs,
        choices=tuple(one for one in choices if one not in barred),
        held=held,
        budget=wishes.most_cents,
        days_a_month=wishes.days_a_month,
    )
    reached, unreached = in_reach(problem, problem.choices)
    barred |= dict.fromkeys(unreached, (Bar.FIRST,))
    barred |= {one: (*barred.get(one, ()), Bar.PROVIDER) for one in choices if one.is_unqualified}
    return Looked(
        problem=replace(problem, choices=tuple(reached)),
        chosen=(),
        barred=barred,
        wishes=wishes,
        topics={1, 2},
        lines={TRAINING},
    )


def reasons(*args: Any, **more: Any) -> list[str]:
    return [one["why"] for one in draft(looked(*args, **more), NAMES).told["open"]]


def steps(*args: Any, **more: Any) -> dict[int, str]:
    return dict(draft(looked(*args, **more), NAMES).steps)


HELD = Held(9, "Held", spans(1)["spans"], frozenset({day(1)}), spans(1)["ends"])
FREE = Wishes(by=day(60), most_cents=0)


@pytest.mark.parametrize(
    ("why", "choice", "wishes", "held"),
    [
        ("The only session that fills it is full.", session(1, 1, is_full=True), WISHES, ()),
        ("Enrollment has closed.", session(1, 1, closed="Enrollment has closed."), WISHES, ()),
        ("It asks for approval or an answer", session(1, 1, asks=True), WISHES, ()),
        ("Only sessions after Fri 5 Mar 2027 fill it", session(1, 1, on=(70,)), WISHES, ()),
        (
            "Only sessions in other places",
            session(1, 1, county="01001"),
            replace(WISHES, counties=frozenset({"01003"})),
            (),
        ),
        ("Only sessions on other days", session(1, 1), replace(WISHES, weekdays=frozenset({0})), ()),
        ("overlaps with a session you are on", session(1, 1, at=1), WISHES, (HELD,)),
        ("You are on a session of the only course", session(1, 1, course_id=9, on=(5,)), WISHES, (HELD,)),
        ("The price of what fills it is not stated", session(1, 1, cost=None), FREE, ()),
        ("costs more than your limit: $5 at least", session(1, 1, cost=500), FREE, ()),
        (
            "It asks for a course first that you have not finished",
            session(1, 1, required=frozenset({8})),
            WISHES,
            (),
        ),
    ],
)
def test_what_keeps_the_only_session_out_is_said(
    why: str, choice: Choice, wishes: Wishes, held: tuple[Held, ...]
) -> None:
    (said,) = reasons(asked(1), choice, wishes=wishes, held=held)
    assert why in said


def test_no_course_and_no_dates_are_two_things() -> None:
    assert reasons(asked(1, 3)) == [NO_DATES, NO_COURSE]
    assert reasons(asked(training=60, core=60)) == [NO_DATES, NO_HOURS]


def test_one_reason_that_holds_for_all_is_said_of_all() -> None:
    full = [session(number, 1, is_full=True, on=(70 * number,)) for number in (1, 2)]
    assert reasons(asked(1), *full) == ["All sessions that fill it are full."]


def test_several_reasons_are_counted() -> None:
    choices = (session(1, 1, is_full=True), session(2, 1, on=(70,)), session(3, 1, on=(71,)))
    assert reasons(asked(1), *choices) == [
        "None of 3 sessions fits: 1 is full and 2 end after Fri 5 Mar 2027."
    ]


def test_what_is_left_of_the_limit_is_not_enough() -> None:
    wishes = Wishes(by=day(60), most_cents=1000)
    choices = (session(1, 1, cost=600), session(2, 2, cost=900))
    assert reasons(asked(1, 2), *choices, wishes=wishes) == [
        "It costs more than what is left of your limit, which is $4."
    ]


def test_another_at_the_same_time_closes_more() -> None:
    choices = (session(1, 1, 2, on=(1,)), session(2, 3, on=(1,), at=1))
    assert reasons(asked(1, 2, 3), *choices) == [
        "It meets at the same time as “Course 1”, which closes more."
    ]


def test_too_many_days_in_a_month() -> None:
    choices = (session(1, 1, 2), session(2, 3))
    (said,) = reasons(asked(1, 2, 3), *choices, wishes=replace(WISHES, days_a_month=1))
    assert said == "It would need more days in a month than you wish for."


def test_another_session_of_the_same_course() -> None:
    choices = (session(1, training=120, course_id=5), session(2, training=60, course_id=5))
    assert reasons(asked(training=300), *choices) == [
        "You take another session of the same course in this plan."
    ]


def test_rsc_of_somebody_who_is_not_qualified() -> None:
    group = session(1, 1, is_unqualified=True)
    assert "The hours would not count" in reasons(asked(rsc=60), group)[0]
    assert reasons(asked(1), group) == []


def test_everything_that_gives_some_is_taken() -> None:
    taken, full = session(1, training=60), session(2, training=60, is_full=True)
    assert reasons(asked(training=90), taken) == ["The plan takes every session that gives some of it."]
    (said,) = reasons(asked(training=90), taken, full)
    assert said == "The plan takes what fits of it. Of the others: The only session that fills it is full."


def test_when_time_ran_out_it_is_said() -> None:
    found = replace(looked(asked(1), session(1, 1)), is_best=False)
    assert [one.why for one in stays_open(found, NAMES)] == [TIME_RAN_OUT]


# Why a session is in the plan.


def test_what_no_other_course_covers() -> None:
    said = steps(asked(1, 2), session(1, 1, 2), session(2, 1, cost=500))
    assert said[1] == (
        "Covers Attachment and Systems; no other course that fits your wishes covers Systems by Fri 5 Mar 2027."
    )


def test_what_costs_least_and_what_is_nearest() -> None:
    cheap, dear = session(1, 1, cost=100), session(2, 1, cost=900)
    assert steps(asked(1), cheap, dear) == {
        1: "Covers Attachment; every other session that does so costs more."
    }
    near, far = session(1, 1, km=4), session(2, 1, km=90)
    assert "is farther away" in steps(asked(1), near, far)[1]


def test_a_comparison_that_is_not_true_is_not_made() -> None:
    assert steps(asked(1), session(1, 1), session(2, 1, on=(1, 2))) == {1: "Covers Attachment."}


def test_how_many_of_the_hours_it_gives() -> None:
    said = steps(asked(training=540), session(1, training=360), session(2, training=240))
    assert said[1] == "Gives 5 h of the 9 h of training you miss."
    assert said[2] == "Gives 3 h of the 9 h of training you miss."


def test_what_it_comes_before() -> None:
    first, after = session(1, on=(1,)), session(2, 2, on=(5,), required=frozenset({1}))
    assert steps(asked(2), first, after)[1] == "Comes before “Course 2”, which asks for it."


def test_what_it_closes_is_told_ledger_by_ledger() -> None:
    told = draft(looked(asked(1, 2, training=60), session(1, 1, training=90)), NAMES).told
    assert told["closes"] == ["1 of the 2 topics you miss", "1 h of the 1 h of training you miss"]


def test_wishes_are_kept_as_they_were() -> None:
    wishes = Wishes(by=day(9), most_cents=5, counties=frozenset({"01001"}), online=False, days_a_month=2)
    assert wishes_from(wishes.as_json()) == wishes
    assert wishes.in_words({"01001": "Autauga County"}) == [
        "ready by Wed 13 Jan 2027",
        "at most $0.05",
        "Autauga County",
        "at most 2 days a month",
    ]


def test_hybrid_is_within_reach_either_way() -> None:
    both = session(1, 1, county="01001", is_online=True)
    away = replace(WISHES, counties=frozenset({"01003"}))
    assert not bars(both, away, ())
    assert bars(both, replace(away, online=False), ()) == (Bar.ELSEWHERE,)
    assert not bars(both, replace(WISHES, counties=frozenset({"01001"}), online=False), ())
    online = replace(both, is_there=False)
    assert bars(online, replace(WISHES, online=False), ()) == (Bar.ELSEWHERE,)


def test_a_tag_is_filled_only_by_what_carries_it() -> None:
    plain, tagged = session(1, training=60), session(2, training=60, tags=frozenset({"core"}))
    assert list(steps(asked(core=60), plain, tagged)) == [2]
    assert plain.gives(TAGGED) == plain.gives(RSC) == 0
