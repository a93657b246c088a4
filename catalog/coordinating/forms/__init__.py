"""The forms of the coordinator's desk."""

from catalog.coordinating.forms.merging import MergeForm, PairForm

__all__ = ["MergeForm", "PairForm"]
