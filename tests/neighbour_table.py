"""The kernel's neighbour table is one for all network namespaces: a test that fills it starves every other on a cable.

So the few that fill it have it to themselves, also among several runs of the tests on one machine; all others on a
cable or in the laboratory share it.
"""

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SHARING: Final = frozenset({"cable", "lab", "building", "scanned", "hostile", "cupboard"})
"""Fixtures of tests that need room in the table."""

FILLING: Final = frozenset({"crowd", "full_table"})
"""Fixtures that fill it, and lock it themselves."""

_LOCK: Final = Path(tempfile.gettempdir()) / f"netaudit-neighbour-table-{os.getuid()}.lock"


@contextmanager
def table_to_ourselves() -> Iterator[None]:
    """Wait until no other test needs the table, and keep them waiting."""
    with _locked(fcntl.LOCK_EX):
        yield


@contextmanager
def table_shared() -> Iterator[None]:
    """Wait until nobody fills the table, and keep those waiting who would."""
    with _locked(fcntl.LOCK_SH):
        yield


@contextmanager
def emptied(namespace: str) -> Iterator[None]:
    """Give the places that this namespace took back at the end, at once: deleting it would do so some time later."""
    try:
        yield
    finally:
        subprocess.run(["ip", "-n", namespace, "link", "set", "eth0", "down"], check=True, capture_output=True)


@contextmanager
def _locked(how: int) -> Iterator[None]:
    with _LOCK.open("a") as file:
        fcntl.flock(file, how)
        yield
