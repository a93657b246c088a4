"""What is refused where two accounts become one or two again, each with the sentence that people read."""

from catalog.errors import RuleBroken


class SamePerson(RuleBroken):
    sentence = "These are not two accounts. Choose another one."


class Merged(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(f"The account of {name} has been joined with another one already.")


class OwnAccount(RuleBroken):
    sentence = "This would end the account you are signed in with. Keep it, or ask another coordinator."


class AdministratorsOnly(RuleBroken):
    sentence = "One of these accounts administers the catalog. Only an administrator joins it with another."


class BothThere(RuleBroken):
    def __init__(self, sessions: list[str]) -> None:
        super().__init__(
            f"Both accounts have a place on {'; '.join(sessions)}. Take one of the two off the roster first."
        )


class BothHaveHours(RuleBroken):
    def __init__(self, sessions: list[str]) -> None:
        super().__init__(
            f"Both accounts have hours or a certificate for {'; '.join(sessions)}, so they would be counted twice. "
            "Open the roster, take one of the two off, and close it again first."
        )


class LookedAfterTheOther(RuleBroken):
    sentence = (
        "One of these accounts checked or wrote down hours of the other, which nobody may do for themself. "
        "Have those hours looked at by somebody else first."
    )


class ProvidesForTheOther(RuleBroken):
    sentence = (
        "One of these accounts gave reflective supervision/consultation to the other, so they are two people."
    )


class NotAsShown(RuleBroken):
    sentence = "Something changed since this page was opened. This is how it stands now; look once more."


class UndoneAlready(RuleBroken):
    sentence = "This merge has been undone already."


class MergedSince(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"The account of {name} has been joined with another one since. Undo that merge first."
        )


class HoursSince(RuleBroken):
    def __init__(self, sessions: list[str]) -> None:
        super().__init__(
            f"Hours were given since for {'; '.join(sessions)}, where both accounts have been on the roster. "
            "They belong to both together, so this merge cannot be undone."
        )


class InTheWay(RuleBroken):
    sentence = "Something that came since stands in the way, so this merge cannot be undone."


class AccountLeft(RuleBroken):
    sentence = "Somebody left and had this account deleted. What stayed of it belongs to nobody."
