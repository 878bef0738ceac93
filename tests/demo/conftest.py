"""A virtual building that stands while the tests of this room run, in a thread with its own event loop."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netaudit.demo import Building
from netaudit.demo.model import DemoDevice

_PATIENCE = 20.0


class Standing:
    """A building, and the way from the test's names (Head office .3) to the addresses where it stands."""

    def __init__(self, building: Building) -> None:
        self.building = building

    def at(self, site: int, host: int) -> str:
        """The address of a device by its site (1, 2, 3) and last number."""
        block = self.building.plan.devices[0].address.split(".")[1]
        return f"127.{block}.{site}.{host}"

    def device(self, address: str) -> DemoDevice:
        return next(device for device in self.building.plan.devices if device.address == address)

    def harm(self, address: str) -> list[str]:
        """Why this device would have suffered so far."""
        return [entry.harm for entry in self.building.journal.harmful() if entry.address == address]

    def port(self, port: int) -> int:
        """Where a well-known port is found on this system."""
        return self.building.stage.ports.moved(port)


@contextmanager
def standing() -> Iterator[Standing]:
    """Start a building of its own, stop it at the end."""
    up: list[Building] = []
    ready, loops = threading.Event(), []
    stop = asyncio.Event()

    async def hold() -> None:
        loops.append(asyncio.get_running_loop())
        async with Building.start() as building:
            up.append(building)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(hold()), name="virtual building")
    thread.start()
    try:
        assert ready.wait(_PATIENCE), "the building did not start"
        yield Standing(up[0])
    finally:
        if loops:
            loops[0].call_soon_threadsafe(stop.set)
        thread.join(_PATIENCE)


@pytest.fixture(scope="session")
def shared() -> Iterator[Standing]:
    """One building for all tests that only look."""
    with standing() as it:
        yield it


@pytest.fixture
def fresh(shared: Standing) -> Standing:
    """The shared building with an empty journal, for a test that reads what was heard."""
    shared.building.journal.entries.clear()
    return shared


@pytest.fixture
def own() -> Iterator[Standing]:
    """A building of its own, for a test that knocks a device out."""
    with standing() as it:
        yield it
