"""Writes: links that show a goal to others."""

from catalog.endorsement.services.shares import make_share, revoke_share

__all__ = ["make_share", "revoke_share"]
