"""What the choices are called on the forms."""

from catalog.competencies.models import Ledger
from catalog.courses.models import Asking, CreditRule, Listing
from catalog.courses.schedule import Unit
from catalog.courses.wording import AGE_BANDS, FORMATS, KINDS, OWN_WORK

__all__ = [
    "AGE_BANDS",
    "ASKING",
    "CREDIT_RULES",
    "EVERY",
    "FORMATS",
    "KINDS",
    "LEDGERS",
    "LISTINGS",
    "OWN_WORK",
    "UNITS",
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
    Asking.NONE: "Nobody is asked",
    Asking.OPTIONAL: "Everybody is asked and may leave it",
    Asking.BEFORE_CERTIFICATE: "Everybody is asked, before the certificate is issued",
}
LEDGERS = {Ledger.TRAINING: "Training hours", Ledger.RSC: "Reflective supervision (RSC) hours"}
UNITS = {Unit.DAY: "day", Unit.WEEK: "week", Unit.MONTH: "month"}
EVERY = [(1, "every"), (2, "every second"), (3, "every third"), (4, "every fourth")]
