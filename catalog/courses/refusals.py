"""What authoring refuses, each with the sentence that people read."""

from catalog import errors
from catalog.courses.models import GROUP_SEATS
from catalog.errors import RuleBroken

HOURS_COUNT_ALREADY = "Sessions of this course have begun; ask a coordinator to change how its hours count."


class FieldsRefused(RuleBroken):
    """Rules across objects that fields of a form broke; the form says each sentence beside its field.

    `sentences` maps a field's name to its sentence, such as {"meetings-1-starts": "..."}."""

    def __init__(self, sentences: dict[str, str]) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences.values()))


class Stale(RuleBroken):
    """Somebody else saved first; nothing of the older form may undo it unseen."""

    sentence = "Somebody saved a change after you opened this page."


class SentBefore(FieldsRefused):
    """The form made something already and came again with something else in it."""

    def __init__(self) -> None:
        sentence = (
            "This form was saved before, and what was saved says something else. Look at it under Teaching; "
        )
        super().__init__({"": sentence + "send this once more only if you mean another one."})


class NotReady(RuleBroken):
    """The course lacks something a reviewer needs; `missing` names each thing."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(f"Before the review this course still needs {_listed(missing)}.")


class WrongState(RuleBroken):
    sentence = "This course is in another state by now. Reload the page to see how it stands."


class ReasonNeeded(errors.ReasonNeeded):
    sentence = "Write down what should change; the trainer works from it."


class NothingMapped(RuleBroken):
    sentence = "No area is chosen yet, so there is no mapping to review."


class SessionsToCome(RuleBroken):
    sentence = (
        "This course has sessions still to come, or without an end because they are self-paced. "
        "Cancel them first; then it can be archived."
    )


class NotPublished(RuleBroken):
    sentence = "Sessions can be posted once the course is published."


class GroupSize(RuleBroken):
    sentence = (
        f"A reflective practice group has {GROUP_SEATS[0]} to {GROUP_SEATS[1]} seats: "
        "few enough that everybody is heard."
    )


class WrongSubstitute(RuleBroken):
    sentence = "Choose another trainer; whoever leads the whole session stands in for nobody."


class AppliedForElsewhere(RuleBroken):
    sentence = "People apply for this course elsewhere, so it has no sessions here."


class OfferingCancelled(RuleBroken):
    sentence = "This session was cancelled and cannot be changed any more."


class Settled(RuleBroken):
    sentence = "The roster of this session is closed. Open it again before changing its dates."


class MeetingHasMarks(RuleBroken):
    def __init__(self, when: str) -> None:
        super().__init__(
            f"Attendance is written down for the meeting of {when}, so that meeting has to stay."
        )


def _listed(things: list[str]) -> str:
    return things[0] if len(things) == 1 else ", ".join(things[:-1]) + " and " + things[-1]
