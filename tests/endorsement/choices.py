"""Sessions and problems for examples of plans, small ones by hand and random ones by hypothesis."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from catalog.competencies.models import Ledger
from catalog.endorsement.plan.problem import Choice, Held, Line, Needs, Problem

TRAINING, RSC = Line(Ledger.TRAINING), Line(Ledger.RSC)
TAGGED = Line(Ledger.TRAINING, "core")
FIRST = datetime(2027, 1, 4, 15, tzinfo=UTC)
"""A Monday."""


def spans(*days: int, at: float = 0, hours: float = 2) -> dict[str, Any]:
    """Sittings on these days, counted from the first, so many hours after its hour."""
    begins = [FIRST + timedelta(days=day, hours=at) for day in days]
    ends = [one + timedelta(hours=hours) for one in begins]
    return {
        "spans": tuple(zip(begins, ends, strict=True)),
        "days": tuple(one.date() for one in begins),
        "starts": begins[0] if begins else None,
        "ends": ends[-1] if ends else None,
    }


def session(number: int, *topics: int, on: tuple[int, ...] = (), **more: Any) -> Choice:
    """A free session close by; on the day of its number unless said otherwise."""
    when = {key: more.pop(key) for key in ("at", "hours") if key in more}
    defaults: dict[str, Any] = {"course_id": number, "title": f"Course {number}"}
    return Choice(
        id=number, topics=frozenset(topics), **{**defaults, **spans(*(on or (number,)), **when), **more}
    )


def asked(*topics: int, training: int = 0, rsc: int = 0, core: int = 0) -> Needs:
    minutes = {TRAINING: training, RSC: rsc, TAGGED: core}
    return Needs(frozenset(topics), {line: short for line, short in minutes.items() if short})


def day(number: int) -> date:
    return (FIRST + timedelta(days=number)).date()


@st.composite
def problems(draw: st.DrawFn, most: int = 8) -> Problem:
    """Few days and hours, so that sessions overlap; few courses, so that they ask for one another."""
    courses = draw(st.integers(1, max(most // 2, 2)))
    topics = st.frozensets(st.integers(1, 5), max_size=3)
    of_course = [
        (draw(topics), draw(st.booleans()), draw(st.frozensets(st.integers(1, courses), max_size=1)))
        for _ in range(courses)
    ]
    choices = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        course = draw(st.integers(1, courses))
        covers, is_core, required = of_course[course - 1]
        on = tuple(sorted(draw(st.sets(st.integers(0, 40), max_size=2))))
        gives_rsc = draw(st.integers(0, 3)) == 0
        minutes = draw(st.sampled_from((60, 90, 120, 240)))
        when = spans(*on, at=draw(st.sampled_from((0, 1, 6)))) if on else spans()
        choices.append(
            Choice(
                id=number,
                course_id=course,
                topics=covers,
                tags=frozenset({"core"}) if is_core else frozenset(),
                training=0 if gives_rsc else minutes,
                rsc=minutes if gives_rsc else 0,
                provider=f"p{draw(st.integers(1, 3))}",
                cost=draw(st.sampled_from((0, 0, 1000, 2500, None))),
                km=draw(st.sampled_from((0, 20, 90))) if on else 0,
                required=required - {course},
                **when,
            )
        )
    held = draw(st.integers(0, 2)) == 0
    return Problem(
        needs=Needs(
            draw(st.frozensets(st.integers(1, 6), max_size=4)),
            {
                TRAINING: draw(st.sampled_from((0, 120, 300))),
                RSC: draw(st.sampled_from((0, 120))),
                TAGGED: draw(st.sampled_from((0, 100))),
            },
        ),
        choices=tuple(choices),
        finished=draw(st.frozensets(st.integers(1, courses), max_size=1)),
        held=(Held(99, "Held", days=frozenset({day(2), day(3)})),) if held else (),
        budget=draw(st.sampled_from((None, 0, 2500, 3500))),
        days_a_month=draw(st.sampled_from((None, 1, 2))),
        most_providers=draw(st.sampled_from((None, 1, 2))),
        providers=draw(st.sampled_from((frozenset(), frozenset({"p1"})))),
    )
