"""Every report, in the order of the page that lists them. A new one is its file in `questions/` and a line here."""

from catalog.reports.frame import Question
from catalog.reports.questions import demand, evaluations, fill, hours, pipeline, reach, renewal, waiting

ALL: tuple[Question, ...] = (
    hours.QUESTION,
    reach.QUESTION,
    fill.QUESTION,
    waiting.QUESTION,
    evaluations.QUESTION,
    demand.QUESTION,
    pipeline.QUESTION,
    renewal.QUESTION,
)

_by_key = {question.key: question for question in ALL}


def question(key: str) -> Question | None:
    return _by_key.get(key)
