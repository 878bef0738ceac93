"""Python's search for reference cycles, paused while a report is made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cycles_kept() -> Iterator[None]:
    """Pause the cyclic collector: a report is millions of small objects without a cycle among them.

    The collector would look through all of them again and again; that doubles the time for 10,000 devices.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
