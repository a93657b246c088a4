from tests.factors.keys import required, with_app

__all__ = ["required", "with_app"]
