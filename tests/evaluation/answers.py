"""What the tests of evaluation begin with: sessions that were held, with people who were there."""

from collections.abc import Sequence
from typing import Any

from catalog.accounts.models import Person
from catalog.courses.models import Asking, Course, Offering
from catalog.enrollment.models import Enrollment
from catalog.evaluation import services
from catalog.evaluation.services import Answers
from catalog.extensions import db
from tests import factories as make
from tests.attendance.sheets import held, mark_all, seat

OBJECTIVES = "name two signs of stress in an infant\nname one person to call"
GOOD = Answers(scales={"use": 4, "recommend": 5}, helped="The sample films.")


def asked(asking: Asking = Asking.OPTIONAL, **fields: Any) -> Course:
    return make.course(areas=("TF",), asking=asking, objectives=OBJECTIVES, **fields)


def attended(people: int, trainer: Person, of: Course | None = None) -> tuple[Offering, list[Enrollment]]:
    """The trainer's session, over for weeks, with so many people who were there all the time."""
    offering = held(of or asked(), seats=max(people, 1), trainer_id=trainer.id)
    enrolled = seat(offering, *(f"Person{i} Sample" for i in range(people)), by=trainer)
    mark_all(offering, by=trainer)
    return offering, enrolled


def given(offering: Offering, enrolled: Sequence[Enrollment], answers: Answers = GOOD) -> None:
    """All of these answer the same."""
    for one in enrolled:
        services.give(offering, answers, by=one.person)


def again(offering_id: int) -> Offering:
    return db.session.get_one(Offering, offering_id)
