"""What evaluation refuses, each with the sentence that people read."""

from catalog.errors import RuleBroken


class NotToGive(RuleBroken):
    sentence = "You cannot answer about this session now."


class AlreadyGiven(RuleBroken):
    sentence = "You have answered already, so these answers were not added."


class NothingSaid(RuleBroken):
    sentence = "Answer at least one question, whichever you like."
