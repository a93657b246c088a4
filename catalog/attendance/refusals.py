"""What attendance refuses, each with the sentence that people read."""

from catalog.errors import RuleBroken


class RosterClosed(RuleBroken):
    sentence = "This roster is closed. Open it again, with a reason, to change a mark."


class RosterOpen(RuleBroken):
    sentence = "This roster is open already."


class NotBegun(RuleBroken):
    sentence = "This meeting has not begun yet. People can be marked from an hour before it begins."


class NoLongerSeated(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} no longer has a seat on this session, so no mark was saved for them.")


class MinutesOutOfRange(RuleBroken):
    def __init__(self, most: int) -> None:
        super().__init__(f"Type whole minutes from 0 to {most}; this meeting has no more.")


class StillUnmarked(RuleBroken):
    def __init__(self, marks: int, people: int) -> None:
        missing = "1 mark is" if marks == 1 else f"{marks} marks are"
        whom = "1 person" if people == 1 else f"{people} people"
        super().__init__(f"{missing} still missing, for {whom}. Mark them first, or mark them as absent.")


class NotOver(RuleBroken):
    def __init__(self, day: str) -> None:
        super().__init__(f"The last meeting ends on {day}. The roster can be closed after that.")


class WorkNotDue(RuleBroken):
    def __init__(self, what: str, day: str) -> None:
        super().__init__(
            f"{what} can be done until {day}. The roster can be closed after that, or as soon as everybody is marked."
        )


class NotGone(RuleBroken):
    def __init__(self, names: str) -> None:
        super().__init__(f"Checked in and not out: {names}. Say first how long they stayed.")


class NotOwnPace(RuleBroken):
    sentence = (
        "Hours are given one by one only where people work at their own pace. Close the roster instead."
    )


class NobodyFinished(RuleBroken):
    sentence = "Nobody has finished since hours were last given."


class NoRoom(RuleBroken):
    sentence = "There is no free seat for them on this session."


class NobodyAtTheDoor(RuleBroken):
    sentence = (
        "This session lets nobody in without a seat. Change what happens when it is full, or ask "
        "a coordinator."
    )


class NothingToClose(RuleBroken):
    sentence = (
        "There is nothing to close: this session has no meetings or nobody on it, or was cancelled before any of "
        "them was held."
    )


class ClosedGroup(RuleBroken):
    sentence = "A group is closed, so nobody walks in. A coordinator can add somebody on the roster, with the reason."
