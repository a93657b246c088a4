from tests.test_every_page import numbers

__all__ = ["numbers"]
