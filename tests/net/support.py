"""What the tests of the wire share: a scope on loopback, and small real servers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date
from ipaddress import ip_network
from typing import TypeAlias

from netaudit.net.pacer import Pacer
from netaudit.net.sockets import Door
from netaudit.net.wire import Wire
from netaudit.scope.allow_list import Allowed, AllowList, shipped_list
from netaudit.scope.gate import Gate
from netaudit.scope.model import Authorisation, Limits, Network, Scope

Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

TODAY = date(2026, 11, 23)
GRANTED = Authorisation("Example Town", "A. Person", "Head", "X-1", date(2026, 1, 1), date(2027, 12, 31))
QUICK = Limits(packets_per_second=100_000, packets_per_host=10_000, pause=0.001)


class Anything(AllowList):
    """Any bytes may go: for tests of the transport, which must not depend on what the probes say."""

    def datagram(self, payload: bytes, port: int, group: str | None = None) -> Allowed | None:
        return self.entries[0]

    def message(self, payload: bytes, port: int) -> Allowed | None:
        return self.entries[0]


ANYTHING = Anything(shipped_list().entries)


def gate_for(
    *cidrs: str, limits: Limits = QUICK, exclude: tuple[str, ...] = (), allowed: AllowList | None = None
) -> Gate:
    """A gate that lets packets into these networks; `allowed`: the shipped list unless a test brings another."""
    excluded = tuple(ip_network(entry) for entry in exclude)
    networks = tuple(Network(ip_network(cidr), site="Site", name="Net", exclude=excluded) for cidr in cidrs)
    return Gate(Scope(GRANTED, networks, limits, raw=b"scope"), TODAY, allowed or shipped_list())


def wire_for(*cidrs: str, limits: Limits = QUICK) -> Wire:
    """A real wire behind such a gate that sends anything."""
    return Wire(gate_for(*cidrs, limits=limits, allowed=ANYTHING))


def door_and_pacer(*cidrs: str) -> tuple[Door, Pacer]:
    """The parts of a wire."""
    gate = gate_for(*cidrs)
    return Door(gate), Pacer(gate.scope.limits)


@asynccontextmanager
async def tcp_server(talk: Talk, address: str) -> AsyncIterator[int]:
    """Serve on a free port of a loopback address; every conversation is over when the block ends."""
    tasks: set[asyncio.Task[None]] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(ConnectionError, asyncio.CancelledError):
            await talk(reader, writer)
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    server = await asyncio.start_server(meet, address, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def says(*pieces: bytes) -> Talk:
    """A server that waits for a request, says these pieces and hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return talk


async def keeps_quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server that accepts and never says anything."""
    await asyncio.Event().wait()
