"""What holds for every test: no judgement by the clock; who needs the kernel's neighbour table waits for its turn."""

import signal
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.neighbour_table import FILLING, SHARING, table_shared

# A busy machine makes an example slow, and not wrong: no property fails for the time it took.
settings.register_profile("calm", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

# Started in the background of a shell without job control, a process ignores Ctrl-C, and so do all whom it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hold the table for as long as the test and its fixtures are at work."""
    wanted = set(getattr(item, "fixturenames", ()))
    if wanted & SHARING and not wanted & FILLING:
        with table_shared():
            return (yield)
    return (yield)
