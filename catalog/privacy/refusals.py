"""Why somebody cannot leave yet, or cannot have a file."""

from collections.abc import Sequence

from catalog.errors import RuleBroken

MOST_NAMED = 5


def _listed(titles: Sequence[str]) -> str:
    named = "; ".join(titles[:MOST_NAMED])
    more = len(titles) - MOST_NAMED
    return f"{named}; and {more} more" if more > 0 else named


class LeadsComingSessions(RuleBroken):
    """Others have seats there and count on it."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(
            f"You lead what is still to come: {_listed(titles)}. Hand these over to another trainer, or cancel them, "
            "and then delete your account. A coordinator can do it for you."
        )


class LeadsGroups(RuleBroken):
    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(
            f"You facilitate groups that go on: {_listed(titles)}. Ask a coordinator to name another facilitator, or "
            "cancel the term, and then delete your account."
        )


class RostersToClose(RuleBroken):
    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(
            f"People wait for their hours from you: {_listed(titles)}. Close these rosters first, or ask a "
            "coordinator to close them."
        )


class WrongPassword(RuleBroken):
    sentence = "That is not your password. Nothing was changed."


class LinkSpent(RuleBroken):
    sentence = "This link does not work any more. Nothing was changed."


class LeavingAlready(RuleBroken):
    sentence = (
        "Your account is to be deleted already. The letter we sent you says when, and how to call it off."
    )


class StaysAlready(RuleBroken):
    sentence = "This link does not work any more. If you can sign in, your account is there."
