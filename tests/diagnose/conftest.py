"""The cable, laid once for all tests of the diagnosis."""

from tests.sweep.namespace import cable

__all__ = ["cable"]
