"""My learning, the two ledgers, certificate courses, education and the transcript; for coordinators, a person."""

import catalog.records.models
import catalog.records.naming  # noqa: F401 - it tells the audit trail what things are called
from catalog.records.views import (  # noqa: F401 - their pages are hung on it
    checking,
    education,
    hours,
    importing,
    learning,
    person,
    progress,
    transcript,
    verifying,
    writing,
)
from catalog.records.views.blueprint import pages

__all__ = ["pages"]
