from catalog.endorsement.forms.share import ShareForm

__all__ = ["ShareForm"]
