"""The limiter put to sleep: waits on the event loop until a packet or a connection may go."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final, TypeAlias

from netaudit.net.limiter import Connections, Limiter
from netaudit.net.neighbours import Neighbours, known_neighbours, neighbour_room
from netaudit.scope.model import Limits

Recount: TypeAlias = Callable[[], None]
_RECOUNTED_EVERY: Final = 0.1


class Pacer:
    """Every packet of a run waits here first. `packets`: how many went so far."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._limiter = Limiter(limits)
        self._connections = Connections(limits)
        # Asked once, before our own talks fill the table.
        self._neighbours = Neighbours(neighbour_room())
        self._line = asyncio.Lock()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._freed: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    @property
    def packets(self) -> int:
        """Packets so far, those of the kernel as far as they are known."""
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
        if host is None:
            await self.overall(count)
            return
        await self.hold(host, count)
        # Only now: what went is counted from when it went.
        self.release(host, count, went=count)

    async def hold(
        self, host: str, count: int, *, own: int = 0, overall: int | None = None, recount: Recount = lambda: None
    ) -> None:
        """Wait until `count` packets may go to a host, and keep their places until `release`.

        `own`: places that the asker holds already. `overall`: packets that go for sure (default: all of them).
        `recount`: called while it waits, to count what the kernel has sent meanwhile.
        """
        if host in self._neighbours.hosts:
            await self._room_for(host)
        # The host first: a slot of the overall rate must not be held while one slow host is waited for.
        if own:
            # Who has begun goes before who waits to begin.
            await self._room_at(host, count, own, recount)
        else:
            async with self._turns[host]:
                await self._room_at(host, count, own, recount)
            if not self._turns[host].locked():
                del self._turns[host]
        try:
            await self.overall(count if overall is None else overall)
        except asyncio.CancelledError:
            self.release(host, count)
            raise

    async def _room_at(self, host: str, count: int, own: int, recount: Recount) -> None:
        await self.settled(host, own, recount, count)
        self._limiter.host(host, monotonic()).held += count

    async def settled(self, host: str, own: int, recount: Recount, count: int = 0) -> None:
        """Wait until what went to a host is so long ago that what is held, and `count` more, may go."""
        while True:
            recount()
            now = monotonic()
            if (pause := self._limiter.host(host, now).wait(now, count, own)) <= 0:
                return
            await asyncio.sleep(min(pause, _RECOUNTED_EVERY))

    def release(self, host: str, count: int, *, went: int = 0) -> None:
        """Give places back; `went`: so many packets did go."""
        now = monotonic()
        window = self._limiter.host(host, now)
        window.held -= count
        window.went(now, went)

    async def overall(self, count: int = 1) -> None:
        """Wait until `count` packets may go to anybody: one after the other, in the order in which they came here."""
        async with self._line:
            while (pause := self._limiter.wait(monotonic(), count)) > 0:  # noqa: ASYNC110 - time itself is waited for
                await asyncio.sleep(pause)
            self._limiter.went(monotonic(), count)

    async def _room_for(self, host: str) -> None:
        while (pause := self._neighbours.wait(host, monotonic())) > 0:  # noqa: ASYNC110 - time itself is waited for
            await asyncio.sleep(pause)

    def charge(self, host: str, count: int = 1) -> None:
        """Count packets that the kernel sent by itself (acknowledgements, repeats): what follows goes later."""
        self.charge_host(host, count)
        self._limiter.went(monotonic(), count)

    def charge_overall(self, count: int) -> None:
        """Count packets of the kernel to a host whose own count is kept elsewhere."""
        self._limiter.went(monotonic(), count)

    def charge_host(self, host: str, count: int, last: float | None = None, step: float = 0.0) -> None:
        """Count packets to a host that were paced in another way: what follows goes later.

        `last`, `step`: when (monotonic s) the last of them went, and how far apart they were.
        """
        now = monotonic()
        window = self._limiter.host(host, now)
        if last is None:
            window.went(now, count)
            return
        for before in reversed(range(count)):
            window.went_before(last - before * step)

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
