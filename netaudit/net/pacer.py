"""The limiter put to sleep: waits on the event loop until a packet or a connection may go."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from netaudit.net.limiter import Connections, Limiter
from netaudit.net.neighbours import Neighbours, known_neighbours, neighbour_room
from netaudit.scope.model import Limits


class Pacer:
    """Every packet of a run waits here first. `packets`: how many were booked so far."""

    def __init__(self, limits: Limits) -> None:
        self._limiter = Limiter(limits)
        self._connections = Connections(limits)
        # Asked once, before our own talks fill the table.
        self._neighbours = Neighbours(neighbour_room())
        self._freed: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    @property
    def packets(self) -> int:
        """Packets booked so far."""
        return self._limiter.packets

    @property
    def packets_per_second(self) -> int:
        """The overall limit."""
        return self._limiter.limits.packets_per_second

    def mind_neighbours(self, hosts: frozenset[str]) -> bool:
        """Touch no more of these hosts (of our own links) at a time than the kernel's neighbour table can hold.

        True when there are more than that, so that it takes longer.
        """
        self._neighbours.hosts = hosts if len(hosts) > self._neighbours.room else frozenset()
        return bool(self._neighbours.hosts)

    def note_neighbours(self) -> None:
        """Count what is in the kernel's table now as touched just now."""
        for host in self._neighbours.hosts & known_neighbours():
            self._neighbours.touch(host, monotonic())

    async def packet(self, host: str | None = None, count: int = 1) -> None:
        """Wait until `count` packets may go, to `host` (None: a group or an ARP request)."""
        if host is not None and host in self._neighbours.hosts:
            await self._room_for(host)
        # The host first: a slot of the overall rate must not be held while one slow host is waited for.
        if host is not None and (pause := self._limiter.wait_host(host, monotonic(), count)) > 0:
            await asyncio.sleep(pause)
        if (pause := self._limiter.wait_overall(monotonic(), count)) > 0:
            await asyncio.sleep(pause)

    async def _room_for(self, host: str) -> None:
        while (pause := self._neighbours.wait(host, monotonic())) > 0:  # noqa: ASYNC110 - time itself is waited for
            await asyncio.sleep(pause)

    def charge(self, host: str, count: int = 1) -> None:
        """Count packets that the kernel sent by itself (acknowledgements, repeats): what follows goes later."""
        self._limiter.wait_host(host, monotonic(), count)
        self._limiter.wait_overall(monotonic(), count)

    def charge_host(self, host: str, count: int) -> None:
        """Count packets to a host that were paced in another way: what follows goes later."""
        self._limiter.wait_host(host, monotonic(), count)

    @asynccontextmanager
    async def connection(self, host: str) -> AsyncIterator[None]:
        """Hold one of the connections that a host may have open at a time, after the pause since the last one."""
        while (pause := self._connections.wait(host, monotonic())) != 0:
            if pause is None:
                await self._freed[host].wait()
            else:
                await asyncio.sleep(pause)
        try:
            yield
        finally:
            self._connections.closed(host, monotonic())
            self._freed.pop(host, asyncio.Event()).set()
