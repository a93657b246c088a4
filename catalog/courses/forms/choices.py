"""What the choices are called on the forms."""

from catalog.competencies.wording import LEDGERS
from catalog.courses.models import Asking, CreditRule, Listing, WhenFull
from catalog.courses.schedule import Unit
from catalog.courses.wording import AGE_BANDS, FORMATS, KINDS, OWN_WORK

__all__ = [
    "AGE_BANDS",
    "ASKING",
    "CREDIT_RULES",
    "EVERY",
    "EXAMPLE",
    "EXAMPLES",
    "FORMATS",
    "KINDS",
    "LEDGERS",
    "LISTINGS",
    "OWN_WORK",
    "UNITS",
    "WHEN_FULL",
]

LISTINGS = {
    Listing.OPEN: "Open",
    Listing.COMING_SOON: "Coming soon",
    Listing.SUSPENDED: "Suspended",
    Listing.APPLICATION_CLOSED: "Applications closed",
}
CREDIT_RULES = {
    CreditRule.FULL_FROM_PERCENT: "Full credit from a share of the minutes, else none",
    CreditRule.ALL_MEETINGS: "Full credit for a share of every meeting, else none",
    CreditRule.QUARTER_HOUR: "The minutes attended, rounded down to a quarter hour",
    CreditRule.PER_MEETING: "The minutes attended, meeting by meeting",
}
ASKING = {
    Asking.NONE: "Not asked for",
    Asking.OPTIONAL: "Asked for, and may be left out",
    Asking.BEFORE_CERTIFICATE: "Needed before the certificate",
}
EXAMPLE_LENGTHS, EXAMPLE_THERE, EXAMPLE_PERCENT = (100, 100), (100, 85), 90
EXAMPLE = (
    "For example: two meetings of 100 minutes, and somebody who is there for 100 and for 85 minutes, 185 of 200. "
    "The share to attend is 90 percent."
)
EXAMPLES = {
    CreditRule.FULL_FROM_PERCENT: (
        200,
        "Gives 3 h 20 min, all there is. With 179 of 200 minutes it gives none.",
    ),
    CreditRule.ALL_MEETINGS: (0, "Gives none: 85 minutes are less than 90 percent of the second meeting."),
    CreditRule.QUARTER_HOUR: (180, "Gives 3 h. Nothing is ever rounded up."),
    CreditRule.PER_MEETING: (185, "Gives 3 h 5 min. For groups, where every meeting counts by itself."),
}
"""What each rule makes of the example, in minutes and in words."""
UNITS = {Unit.DAY: "day", Unit.WEEK: "week", Unit.MONTH: "month"}
EVERY = [(1, "every"), (2, "every second"), (3, "every third"), (4, "every fourth")]
WHEN_FULL = {
    WhenFull.WAITLIST: "People join a waitlist, and nobody takes a seat at the door past those who wait",
    WhenFull.WALK_INS: "No waitlist; who comes to the door takes what is left",
    WhenFull.NEITHER: "Neither: no waitlist, and nobody without a seat is let in at the door",
}
