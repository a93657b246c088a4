"""My learning, certificate courses, education and the transcript; and for coordinators, a person."""

import catalog.records.models
import catalog.records.naming  # noqa: F401 - it tells the audit trail what things are called
from catalog.records.views import learning, person  # noqa: F401 - each adds its pages to the blueprint
from catalog.records.views.blueprint import pages

__all__ = ["pages"]
