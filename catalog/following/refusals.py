from catalog.errors import RuleBroken


class TooManySearches(RuleBroken):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"You have {most} saved searches, and that is as many as are kept. Delete one first."
        )


class SavedAlready(RuleBroken):
    sentence = "You have saved this search already."


class SearchTooLong(RuleBroken):
    sentence = "This search is too long to be saved. Take some of its filters or words away."


class NotUnderstood(RuleBroken):
    """Something in the address of the search is not known here. The sentence says what."""


class HasDates(RuleBroken):
    sentence = "This course has a session that you can join."


class NothingToWaitFor(RuleBroken):
    sentence = "One applies for this course at its provider, so no session of it is posted here."
