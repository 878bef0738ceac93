"""UDP with back-pressure: a packet that the kernel could not take is tried again, and counted when it never went."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final, TypeAlias

from netaudit.errors import ScopeError
from netaudit.evidence.frames.link import Frame
from netaudit.net.ear import Ear
from netaudit.net.exchange import Datagram, Reply
from netaudit.net.sockets import BUSY, UdpPort

# ARP gives up on a silent neighbour after 3 s and frees the send buffer then (perf.md, the trap).
_RETRY_FOR: Final = 4.0
_RETRY_PAUSE: Final = 0.05
# Datagrams read at one go, so that a flood cannot keep the loop from anything else.
_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class Ask:
    """One datagram and the name of the probe that reads its answers."""

    probe: str
    datagram: Datagram


@dataclass(frozen=True, slots=True)
class Arrival:
    """One datagram that came in.

    `probes`: who may read it: one where it answers a known request, several where only the local port tells.
    `datagram`: the request it answers, None when that is not known.
    """

    probes: tuple[str, ...]
    datagram: Datagram | None
    reply: Reply


@dataclass(frozen=True, slots=True)
class Unsent:
    """A request that did not go out. `target`: the address, or the interface's label."""

    probe: str
    target: str
    reason: str


Arrived: TypeAlias = Callable[[Arrival], None]
Take: TypeAlias = Callable[[bytes, str, int], None]
"""Payload, source address, source port."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a round of requests: those that never went out, and sentences about answers that may be lost."""

    unsent: tuple[Unsent, ...] = ()
    losses: tuple[str, ...] = ()


async def patiently(send: Callable[[], None]) -> str | None:
    """Send, waiting while the kernel is busy. Return None when it went, else the reason why not."""
    give_up = monotonic() + _RETRY_FOR
    while True:
        try:
            send()
        except ScopeError as error:
            return str(error)
        except OSError as error:
            if error.errno not in BUSY or monotonic() >= give_up:
                return f"could not be sent: {error.strerror or error}"
        else:
            return None
        await asyncio.sleep(_RETRY_PAUSE)


@contextmanager
def reading(port: UdpPort, take: Take) -> Iterator[None]:
    """Hand every datagram of a socket to `take(payload, source, source_port)`; closes the socket at the end."""

    def drain() -> None:
        for _ in range(_BATCH):
            if (datagram := port.receive()) is None:
                return
            take(*datagram)

    loop = asyncio.get_running_loop()
    loop.add_reader(port.sock, drain)
    try:
        yield
    finally:
        loop.remove_reader(port.sock)
        port.close()


@contextmanager
def reading_frames(ear: Ear, take: Callable[[Frame], None]) -> Iterator[None]:
    """Hand every frame of a packet socket to `take`; closes the socket at the end."""

    def drain() -> None:
        for _ in range(_BATCH):
            if (frame := ear.receive()) is None:
                return
            take(frame)

    loop = asyncio.get_running_loop()
    loop.add_reader(ear.sock, drain)
    try:
        yield
    finally:
        loop.remove_reader(ear.sock)
        ear.close()


def bind_ports(asks: Iterable[Ask]) -> dict[int, list[Ask]]:
    """Fixed local ports that these requests want, and the requests that want each."""
    wanted: dict[int, list[Ask]] = {}
    for ask in asks:
        if ask.datagram.bind:
            wanted.setdefault(ask.datagram.bind, []).append(ask)
    return wanted


def names(asks: Iterable[Ask]) -> tuple[str, ...]:
    """Names of the probes of these requests, each once."""
    return tuple(dict.fromkeys(ask.probe for ask in asks))
