"""The cable, laid once for all tests of the sweep."""

from tests.sweep.namespace import cable

__all__ = ["cable"]
