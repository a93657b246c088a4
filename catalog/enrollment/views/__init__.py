"""The pages of enrollment: joining, and the roster. One blueprint, two files by who uses them."""

from catalog.enrollment.views import joining, rosters  # noqa: F401
from catalog.enrollment.views.blueprint import pages

__all__ = ["pages"]
