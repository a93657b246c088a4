"""The pages about what was done and told, split by who reads them."""

from catalog.notices import securing  # noqa: F401 - it writes the letters that accounts ask for
from catalog.notices.views import (  # noqa: F401 - they hang their pages on the blueprint
    bounces,
    outgoing,
    trail,
    wishes,
    wording,
)
from catalog.notices.views.blueprint import pages

__all__ = ["pages"]
