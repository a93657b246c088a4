"""The framework as everybody reads it, and as coordinators keep it."""

from catalog.competencies.views import areas, categories, index, load, policies, rules, tags
from catalog.competencies.views.blueprint import pages

__all__ = ["areas", "categories", "index", "load", "pages", "policies", "rules", "tags"]
