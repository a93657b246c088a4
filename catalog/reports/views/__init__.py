"""Questions across all floors, as tables, charts and a map."""

from catalog.reports.views import asking, topic_map
from catalog.reports.views.blueprint import pages

__all__ = ["asking", "pages", "topic_map"]
