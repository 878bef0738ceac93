"""What holds for every test: who needs the kernel's neighbour table waits while another test fills it."""

from collections.abc import Generator

import pytest

from tests.neighbour_table import FILLING, SHARING, table_shared


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hold the table for as long as the test and its fixtures are at work."""
    wanted = set(getattr(item, "fixturenames", ()))
    if wanted & SHARING and not wanted & FILLING:
        with table_shared():
            return (yield)
    return (yield)
