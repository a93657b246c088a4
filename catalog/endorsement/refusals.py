"""What is refused about goals, each with the sentence that people read."""

from catalog.errors import RuleBroken


class AlreadyHeld(RuleBroken):
    sentence = "This category stands among those that you hold already."


class NotDueYet(RuleBroken):
    sentence = "This period was renewed already. Read it again as it stands now."
