"""What the rules make of a person's hours: pure functions over (entries, rulebook, day). No database, no clock.

`readiness` is about a category one works toward, `renewal` about one that one holds. What they answer is never an
approval: the association decides."""

from catalog.endorsement.rules.amounts import Amount, Verdict
from catalog.endorsement.rules.coverage import AreaCover, TopicCover, TopicState
from catalog.endorsement.rules.readiness import Readiness, readiness
from catalog.endorsement.rules.renewal import Renewal, period_from, renewal
from catalog.endorsement.rules.rsc import RscCheck
from catalog.endorsement.rules.training import HourCheck

__all__ = [
    "Amount",
    "AreaCover",
    "HourCheck",
    "Readiness",
    "Renewal",
    "RscCheck",
    "TopicCover",
    "TopicState",
    "Verdict",
    "period_from",
    "readiness",
    "renewal",
]
