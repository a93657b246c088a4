"""Reads: goals, what is missing for them, and the seats that fill it."""

from catalog.endorsement.queries.application import (
    application,
    certificates_of,
    papers_of,
    without_pdf,
)
from catalog.endorsement.queries.gaps import (
    gaps_of,
    narrowed,
)
from catalog.endorsement.queries.goals import (
    Standing,
    dropped_goals,
    endorsed,
    endorsed_of,
    goal,
    goals_of,
    standing,
    standings_of,
)
from catalog.endorsement.queries.many import (
    goals_after,
    goals_count,
    readiness_of,
    recount,
    rulebooks,
    running,
    standings_within,
)
from catalog.endorsement.queries.renewing import (
    Held,
    Outlook,
    outlook,
    renewal_of,
    renewals_of,
)
from catalog.endorsement.queries.seats import (
    languages,
    next_seats,
    offered_counties,
    seats,
)
from catalog.endorsement.queries.shares import (
    open_link,
    share_of,
    shares_of,
)

__all__ = [
    "Held",
    "Outlook",
    "Standing",
    "application",
    "certificates_of",
    "dropped_goals",
    "endorsed",
    "endorsed_of",
    "gaps_of",
    "goal",
    "goals_after",
    "goals_count",
    "goals_of",
    "languages",
    "narrowed",
    "next_seats",
    "offered_counties",
    "open_link",
    "outlook",
    "papers_of",
    "readiness_of",
    "recount",
    "renewal_of",
    "renewals_of",
    "rulebooks",
    "running",
    "seats",
    "share_of",
    "shares_of",
    "standing",
    "standings_of",
    "standings_within",
    "without_pdf",
]
