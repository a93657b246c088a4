"""The pages of the second step at sign-in."""

from catalog.factors.views import (  # noqa: F401 - they hang their pages on the blueprint
    access,
    confirming,
    people,
    second_step,
    setting_up,
)
from catalog.factors.views.blueprint import pages

__all__ = ["pages"]
