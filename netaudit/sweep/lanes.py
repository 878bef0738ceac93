"""Which frames go where: every address to the link that leads there, and to the MAC that takes its frames."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from netaudit.net.connects import Decided
from netaudit.net.interfaces import address_links
from netaudit.net.routes import Route, read_routes
from netaudit.net.routes import Ways as Table
from netaudit.net.sockets import link_mac
from netaudit.net.syn_frames import Lane
from netaudit.sweep.arp import neighbours

NearMacs: TypeAlias = Mapping[str, tuple[str, str]]
"""Hosts of our own links that an ARP sweep found: address to (link, MAC)."""

_RESOLVED_WITHIN: Final = 3.0
_LOOK_EVERY: Final = 0.05


class Ways(Protocol):
    """What is needed of the wire to find a way."""

    def source_for(self, address: str) -> str:
        """Return the address of ours that packets to this one leave from."""

    async def connect_scan(self, targets: Iterable[tuple[str, int]], decided: Decided, patience: float = 2.5) -> None:
        """Open one ordinary connection, so that the kernel learns its router's MAC."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """Addresses by lane, who takes the frames of those on our own links, and those that only the kernel can reach."""

    lanes: Mapping[Lane, tuple[str, ...]]
    macs: Mapping[str, bytes]
    others: tuple[str, ...]


async def sort_out(wire: Ways, addresses: Iterable[str], near: NearMacs, port: int) -> Sorted:
    """Find the lane of every IPv4 address. `port`: one that may be tried on any of them, to wake up a router."""
    finder = _Finder(wire, Table(read_routes()), port)
    lanes: dict[Lane, list[str]] = {}
    macs: dict[str, bytes] = {}
    others: list[str] = []
    for address in addresses:
        lane = await finder.lane(address, near.get(address))
        if lane is None:
            others.append(address)
            continue
        lanes.setdefault(lane, []).append(address)
        if not lane.gateway:
            macs[address] = bytes.fromhex(near[address][1].replace(":", ""))
    return Sorted({lane: tuple(found) for lane, found in lanes.items()}, macs, tuple(others))


@dataclass(slots=True)
class _Finder:
    wire: Ways
    table: Table
    port: int
    look: Callable[[Iterable[str]], dict[str, str]] = neighbours
    links: Mapping[str, str] = field(default_factory=address_links)
    _known: dict[tuple[str, str], Lane | None] = field(default_factory=dict)

    async def lane(self, address: str, near: tuple[str, str] | None) -> Lane | None:
        if ":" in address or address.startswith("127."):
            return None
        hop = (near[0], "") if near else _next(self.table.to(address))
        if hop is None or (not hop[1] and near is None):
            # On our own link, but ARP did not find it (or may not be sent): the kernel may try.
            return None
        if hop not in self._known:
            self._known[hop] = await self._make(*hop, address)
        return self._known[hop]

    async def _make(self, interface: str, gateway: str, address: str) -> Lane | None:
        mac, source = link_mac(interface), self.wire.source_for(address)
        # A rule of its own may send packets elsewhere than the main table says.
        if not mac or not source or self.links.get(source) != interface:
            return None
        own = bytes.fromhex(mac.replace(":", ""))
        if not gateway:
            return Lane(interface, source, own)
        router = await self._router(gateway, address)
        return Lane(interface, source, own, bytes.fromhex(router.replace(":", "")), gateway) if router else None

    async def _router(self, gateway: str, address: str) -> str:
        """The router's MAC, from the kernel; an ordinary connection makes it ask."""
        if known := self.look([gateway]).get(gateway):
            return known
        trial = asyncio.ensure_future(self.wire.connect_scan([(address, self.port)], lambda *_: None, 1.0))
        try:
            for _ in range(int(_RESOLVED_WITHIN / _LOOK_EVERY)):
                await asyncio.sleep(_LOOK_EVERY)
                if known := self.look([gateway]).get(gateway):
                    return known
        finally:
            trial.cancel()
            await asyncio.gather(trial, return_exceptions=True)
        return ""


def _next(route: Route | None) -> tuple[str, str] | None:
    return None if route is None else (route.interface, route.gateway)
