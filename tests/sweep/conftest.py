"""The cable, laid once for all tests of the sweep."""

import os
from collections.abc import Iterator

import pytest

from tests.sweep.namespace import Cable, why_not


@pytest.fixture(scope="session")
def cable() -> Iterator[Cable]:
    """A cable with three living hosts; skips, saying why, where namespaces cannot be made."""
    if reason := why_not():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must be able to run this: {reason}")
        pytest.skip(reason)
    with Cable() as laid:
        yield laid
