"""The cable, laid once for all tests of a run."""

from tests.sweep.namespace import cable

__all__ = ["cable"]
