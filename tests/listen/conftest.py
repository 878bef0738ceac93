"""The cable, laid once for all tests of listening."""

from tests.sweep.namespace import cable

__all__ = ["cable"]
