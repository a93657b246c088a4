"""The pages of those who write, review and post courses. One blueprint, split by what people come to do."""

from catalog.courses.views import editing, mapping, offerings, reviewing  # noqa: F401
from catalog.courses.views.blueprint import pages

__all__ = ["pages"]
