"""Everything that changes what somebody shows at sign-in, split by what it is."""

from catalog.factors.services import apps, codes, passkeys
from catalog.factors.services.forgetting import OnesOwn, forget_factors

__all__ = ["OnesOwn", "apps", "codes", "forget_factors", "passkeys"]
