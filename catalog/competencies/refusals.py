"""What editing the framework refuses, each with the sentence that people read."""

from catalog.errors import RuleBroken


class Stale(RuleBroken):
    """Somebody else saved first; nothing of the older form may undo it unseen."""

    sentence = "Somebody saved a change after you opened this page."


class RulesOverlap(RuleBroken):
    """Two rules would answer the same question on the same day."""

    sentence = (
        "Another rule for the same hours is in force on some of these days. End one before the other begins."
    )


class NothingLoaded(RuleBroken):
    """There is no framework to give away, or to add to."""

    sentence = "No framework has been loaded yet."


class TagExists(RuleBroken):
    sentence = "There is a tag of this label already."


class BeginsOutside(RuleBroken):
    """Nothing ends the day before, so it cannot be followed by another one."""

    sentence = "It is not in force both before and on this day, so nothing can follow it from there. Edit it instead."
