from catalog.errors import RuleBroken


class FileRefused(RuleBroken):
    """A file that is not taken as evidence. The sentence says what to do instead."""


class NotAsSeen(RuleBroken):
    sentence = "This was changed while you read it. Read it again as it stands now."


class AlreadySettled(RuleBroken):
    sentence = "A coordinator has already looked at this. This is how it stands now."


class OwnSignIns(RuleBroken):
    sentence = "These are your own. End them under My account, where you see each of them."


class OwnEducation(RuleBroken):
    sentence = "This is about you, so another coordinator has to look at it."


class SentWithOther(RuleBroken):
    sentence = (
        "This form was sent before with something else in it. Open the form anew to add another programme."
    )


class NotFinished(RuleBroken):
    sentence = "Not every part of this course is finished yet."


class OwnHours(RuleBroken):
    sentence = "These hours are yours, so another coordinator has to look at them."


class AlreadyCorrected(RuleBroken):
    sentence = "This entry was corrected or taken back meanwhile. This is how it stands now."


class SheetRefused(RuleBroken):
    """A table that is not taken. The sentence says what to do instead."""


class NothingChosen(RuleBroken):
    sentence = "Choose at least one row."
