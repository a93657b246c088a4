"""What one works toward: the goal and what is missing, the seats that fill it, the plan, renewal, export."""

import catalog.endorsement.effects
import catalog.endorsement.lead  # noqa: F401 - it says what leads the home page
from catalog.endorsement.views import (  # noqa: F401 - they hang their pages on the blueprint
    export,
    goals,
    plan,
    recounts,
    renewing,
    seats,
    share,
)
from catalog.endorsement.views.blueprint import pages

__all__ = ["pages"]
