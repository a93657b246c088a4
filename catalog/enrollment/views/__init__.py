"""The pages of enrollment: joining, and the roster. One blueprint, a file for each who uses them."""

from catalog.enrollment.views import joining, rosters, switching  # noqa: F401
from catalog.enrollment.views.blueprint import pages

__all__ = ["pages"]
