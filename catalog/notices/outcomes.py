"""What becomes of a letter, as it is kept with its job and shown to coordinators."""

SENT = "sent to "
"""Followed by the address."""
NOT_WANTED = "not wanted"
NO_ADDRESS = "no address takes mail"
NO_LONGER_SO = "no longer so"
NOBODY = "nobody has this account any more"
