"""My learning, certificate courses, education and the transcript; and for coordinators, a person."""

import catalog.records.models
import catalog.records.naming  # noqa: F401 - it tells the audit trail what things are called
from catalog.records.views import checking, education, learning, person, progress, transcript  # noqa: F401 - their pages are hung on it
from catalog.records.views.blueprint import pages

__all__ = ["pages"]
