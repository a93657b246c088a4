"""A filled catalog with everybody who may stand to it in any way, and a browser for each of them."""

from tests.access.world import world
from tests.test_every_page import numbers

__all__ = ["numbers", "world"]
