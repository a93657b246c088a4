"""The pages of accounts: sign in, sign up, one's own account; for coordinators, everybody's."""

from catalog.accounts.views import (  # noqa: F401 - they hang their pages on the blueprint
    account,
    changing,
    claiming,
    devices,
    people,
    resetting,
    signing_in,
    signing_up,
    verifying,
)
from catalog.accounts.views.blueprint import pages

__all__ = ["pages"]
