"""What enrollment refuses, each with the sentence that people read."""

from catalog.errors import RuleBroken


class EnrollmentClosed(RuleBroken):
    sentence = "Nobody can join this session now."


class GroupClosed(EnrollmentClosed):
    sentence = (
        "This group is closed: nobody joins it any more. A coordinator may let somebody in, with the reason "
        "written down."
    )


class AlreadyEnrolled(RuleBroken):
    sentence = "You are already on this session."


class OfferRanOut(RuleBroken):
    sentence = (
        "This offer has run out, and the seat has gone to the next person. You can join the waitlist again."
    )


class NothingToDecide(RuleBroken):
    sentence = "This was already settled. Reload the page to see how it stands now."


class OfferingFull(RuleBroken):
    sentence = "There is no free seat. Raise the number of seats, or put this person first in the queue."


class NoWaitlist(OfferingFull):
    sentence = "All seats are taken, and this session has no waitlist."


class BelowSeated(RuleBroken):
    def __init__(self, held: int) -> None:
        super().__init__(f"{held} seats are taken or offered, so the limit cannot be lower than {held}.")


class RosterSettled(RuleBroken):
    sentence = "The roster of this session is closed, and people have their hours. Open it again first."


class AnswerNeeded(RuleBroken):
    sentence = "Please answer the question; the trainer decides with it."


class SameOffering(RuleBroken):
    sentence = "Choose another session; this person is on this one already."


class NotCalledOff(RuleBroken):
    sentence = "This session takes place. To change to another one, give your seat back and take one there."


class SwitchedBefore(RuleBroken):
    sentence = "You were moved already, or are no longer on it. My learning shows how it stands."


class TookPlaceInPart(RuleBroken):
    sentence = (
        "Part of this session took place, so your place there stays with the hours it gives. Take a seat on another "
        "one on its page."
    )
