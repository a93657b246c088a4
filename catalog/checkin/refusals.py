"""What check-in refuses, each with the sentence that people read."""

from catalog.errors import RuleBroken

NOT_VALID = "This code is not valid any more. Scan the code on the screen again."
"""For every code that opens nothing, whatever is wrong with it: nobody learns by it how near a guess was."""


class NoDoor(RuleBroken):
    sentence = "There is nothing to open: this session was cancelled, or the meeting is over."


class NoWalkIns(RuleBroken):
    """The sentence says what the session says about people without a seat."""


class NotNow(RuleBroken):
    """The sentence says how this person stands."""


class NothingLeft(RuleBroken):
    sentence = "Too little is left of this meeting to count any minutes. Speak to the trainer."


class AllSeatsTaken(RuleBroken):
    sentence = "Every seat is taken. Speak to the trainer, who can add one for you."
