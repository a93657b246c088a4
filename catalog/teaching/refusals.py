"""What the trainer's desk refuses, each with the sentence that people read."""

from catalog.errors import RuleBroken


class NobodyToWriteTo(RuleBroken):
    sentence = "There is nobody to write to among these."


class OthersThanSeen(RuleBroken):
    sentence = "Other people are meant now than a moment ago. Look at the names again, then send it."


class SentWithOther(RuleBroken):
    sentence = (
        "This form was sent before, with something else in it. Look at what was sent, and begin a new one "
        "if you mean another."
    )


class MaterialRefused(RuleBroken):
    """The sentence says what is not right with the file or the link."""
