"""Reads: what was answered, counted. Nothing here says who answered, and nothing in what order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from catalog.accounts.models import Person
from catalog.courses.models import Offering
from catalog.enrollment.models import Enrollment
from catalog.evaluation.models import Evaluation, EvaluationGiven
from catalog.evaluation.queries import TEACHES, WAS_THERE, teaches
from catalog.evaluation.wording import OVERALL, POINTS, SCALES, TEXTS, objectives_of
from catalog.extensions import db

PER_PAGE = 50


def mean(total: int, answers: int) -> str:
    """With one decimal, halves rounded up; a dash where nobody answered."""
    if not answers:
        return "–"
    tenths = (20 * total + answers) // (2 * answers)
    return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True)
class Rating:
    """How often each point was given to one question."""

    words: str
    counts: dict[int, int]

    @classmethod
    def of(cls, words: str, points: Iterable[int | None]) -> "Rating":
        given = [point for point in points if point is not None]
        return cls(words, {point: given.count(point) for point in POINTS})

    @property
    def answers(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> str:
        return mean(sum(point * count for point, count in self.counts.items()), self.answers)

    def share(self, point: int) -> float:
        """For the length of a bar, in percent of all answers."""
        return round(100 * self.counts[point] / self.answers, 2) if self.answers else 0


@dataclass(frozen=True)
class Results:
    asked: int
    """How many were there, and so may answer."""
    given: int
    shown: int
    """How many answers the figures are made of."""
    scales: list[Rating]
    objectives: list[Rating]
    texts: list[tuple[str, list[str]]]
    """Each question with what was written, in an order that belongs to no person and stays."""


def results(offering: Offering, *, for_trainer: bool) -> Results:
    """For trainers only the answers that are shown to them."""
    wanted = sa.select(Evaluation).where(Evaluation.offering_id == offering.id)
    if for_trainer:
        wanted = wanted.where(Evaluation.is_shown)
    found = db.session.scalars(wanted.order_by(Evaluation.key)).all()
    asked, given = db.session.execute(
        sa.select(_asked(), _given()).select_from(Offering).where(Offering.id == offering.id)
    ).one()
    return Results(
        # Whose mark was taken back after answering has answered all the same.
        asked=max(asked, given),
        given=given,
        shown=len(found),
        scales=[Rating.of(words, (one.scales.get(name) for one in found)) for name, words in SCALES.items()],
        objectives=[
            Rating.of(words, (one.objectives.get(words) for one in found))
            for words in _objectives(offering, found)
        ],
        texts=[(question, _texts(name, found)) for name, question in TEXTS.items()],
    )


def _objectives(offering: Offering, found: Sequence[Evaluation]) -> list[str]:
    """Those of the course as it is now, and those that were rated when its words were others."""
    rated = sorted({words for one in found for words in one.objectives})
    return list(dict.fromkeys([*objectives_of(offering.course.objectives), *rated]))


def _texts(name: str, found: Sequence[Evaluation]) -> list[str]:
    """Each question has an order of its own, so that the two texts of one answer do not stand at the same place."""
    written = [one for one in found if getattr(one, name)]
    ordered = sorted(written, key=lambda one: sha256(f"{name} {one.key}".encode()).digest())
    return [getattr(one, name) for one in ordered]


def _asked() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(Enrollment.person_id.distinct()))
        .where(Enrollment.offering_id == Offering.id, WAS_THERE, ~TEACHES)
        .correlate(Offering)
        .scalar_subquery()
    )


def _given() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(EvaluationGiven)
        .join(EvaluationGiven.enrollment)
        .where(Enrollment.offering_id == Offering.id)
        .correlate(Offering)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class Row:
    """One session in the list of all of them."""

    offering: Offering
    asked: int
    given: int
    mean: str

    @property
    def rate(self) -> int:
        return 100 * self.given // self.asked if self.asked else 0


def overview(person: Person, page: int) -> tuple[list[Row], int]:
    """One page of the sessions that somebody answered about, the latest first, and the number of pages.

    About sessions that the coordinator teaches it says no more than they are shown there."""
    has_answers = sa.exists().where(Evaluation.offering_id == Offering.id)
    count = sa.select(sa.func.count()).select_from(Offering).where(has_answers)
    pages = max(1, -(-(db.session.scalar(count) or 0) // PER_PAGE))
    overall = Evaluation.scales[OVERALL].as_integer()
    may_see = sa.or_(Evaluation.is_shown, ~teaches(person.id))

    def figure(of: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
        wanted = sa.select(of).where(Evaluation.offering_id == Offering.id, may_see)
        return wanted.correlate(Offering).scalar_subquery()

    found = db.session.execute(
        sa.select(Offering, _asked(), _given(), figure(sa.func.sum(overall)), figure(sa.func.count(overall)))
        .join(Offering.course)
        .options(contains_eager(Offering.course))
        .where(has_answers)
        .order_by(Offering.ends_at.desc(), Offering.id)
        .limit(PER_PAGE)
        .offset((min(max(page, 1), pages) - 1) * PER_PAGE)
    )
    rows = [
        Row(offering, max(asked, given), given, mean(int(total or 0), answers))
        for offering, asked, given, total, answers in found
    ]
    return rows, pages
