"""The cables, laid once for all tests of listening."""

from collections.abc import Iterator

import pytest

from tests.listen.support import hush
from tests.sweep.namespace import Cable, cable

__all__ = ["cable"]


@pytest.fixture(scope="session")
def still(cable: Cable) -> Iterator[Cable]:
    """A cable of its own on which our kernel has fallen silent. Nobody may join a group on it, nor send from our end.

    On `cable` the kernel still reports for a second or two what an earlier test joined and left.
    """
    with Cable() as laid:
        hush(laid)
        yield laid
