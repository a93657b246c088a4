"""What disputes refuse, each with the sentence that people read."""

from catalog.errors import RuleBroken


class NothingToDispute(RuleBroken):
    sentence = "There is nothing to dispute: this meeting has not begun, or you had no seat on it."


class OpenAlready(RuleBroken):
    sentence = "You dispute this mark already. What you wrote is below and was not sent a second time."


class MovedOn(RuleBroken):
    sentence = "Somebody wrote here meanwhile, so nothing was saved. Read what is new, then send yours again."
