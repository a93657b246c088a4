from catalog.errors import RuleBroken


class NotAMember(RuleBroken):
    sentence = "Only members of this group can say that."


class HasBegun(RuleBroken):
    sentence = "This meeting has begun, so what was said about it stays as it is."


class NotQualified(RuleBroken):
    def __init__(self, name: str, on: str) -> None:
        super().__init__(
            f"{name} held no qualification to provide RSC on {on}, so it cannot be confirmed as RSC."
        )


class AlreadyWritten(RuleBroken):
    sentence = "You wrote down a session with this provider on that day already."


class AlreadyAnswered(RuleBroken):
    sentence = "This was settled meanwhile. Here is how it stands now."


class NextTermPlanned(RuleBroken):
    sentence = "The next term of this group is planned already. Its dates can be changed where it stands."
