"""The questions, as people read them. Answers are stored by the names at the left, which must stay."""

from typing import NamedTuple

POINTS = (1, 2, 3, 4, 5)
LOW, HIGH = "not at all", "fully"

SCALES = {
    "use": "I can use what I learned in my work.",
    "trainer": "The trainer knew the subject and explained it clearly.",
    "pace": "The pace and the way it was taught suited me.",
    "access": "It was easy to take part: place, sound, language, access.",
    "recommend": "I would recommend it to a colleague.",
}
OVERALL = "recommend"
"""The question that stands for the whole in the list of sessions."""

TEXTS = {
    "helped": "What helped you most?",
    "change": "What should be different next time?",
}


class Point(NamedTuple):
    """A point as it is said; the two ends have words."""

    value: int
    words: str


SAID = tuple(
    Point(point, {POINTS[0]: f"{point}, {LOW}", POINTS[-1]: f"{point}, {HIGH}"}.get(point, str(point)))
    for point in POINTS
)


def objectives_of(text: str) -> list[str]:
    """What a course says that people can do after it: one a line, each once."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))
