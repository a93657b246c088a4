"""Writes: what people work toward and hold. They flush; whoever calls commits."""

from catalog.endorsement.services.goals import (
    add_goal,
    drop_goal,
    tick,
)
from catalog.endorsement.services.holding import (
    change_endorsed,
    hold,
    let_go,
    renew,
)
from catalog.endorsement.services.shares import (
    make_share,
    revoke_share,
)

__all__ = [
    "add_goal",
    "change_endorsed",
    "drop_goal",
    "hold",
    "let_go",
    "make_share",
    "renew",
    "revoke_share",
    "tick",
]
