"""What one works toward: the goal and what is missing, the seats that fill it, the plan, renewal, export."""

from catalog.endorsement.views import export, share
from catalog.endorsement.views.blueprint import pages

__all__ = ["export", "pages", "share"]
