"""Packets that our own kernel dropped without a word, because its neighbour table had no room for who was to take them.

The table is one for all network namespaces of a machine, so that containers or virtual routers can fill it while ours
looks empty. A TCP connect then looks like a silent port. What tells is the table itself: whoever was asked for stands
in it, found or not. (A firewall of ours that drops what leaves looks alike, and also means that nobody was asked.)
"""

from collections.abc import Callable
from functools import cached_property
from time import monotonic
from typing import Final

from netaudit.net.neighbours import known_neighbours
from netaudit.net.routes import Route, Ways, read_routes

TURNED_AWAY: Final = "our own kernel did not send it: its neighbour table is full, or a firewall here drops it"
_READ_EVERY: Final = 0.1


class TurnedAway:
    """Tells who was not asked although we tried, IPv4 only. `hosts`: those for whom it stayed so.

    `source_for`: address to the address of ours that it is asked from; `link_mac`: name of a link to its Ethernet
    address, "" where it has none (and so needs no table).
    """

    def __init__(self, source_for: Callable[[str], str], link_mac: Callable[[str], str]) -> None:
        self.hosts: set[str] = set()
        self._source_for, self._link_mac = source_for, link_mac
        self._links: dict[str, bool] = {}
        self._known: frozenset[str] = frozenset()
        self._read_at = 0.0

    def __call__(self, address: str) -> bool:
        """Return True when a packet that was sent to this address a second or more ago cannot have left."""
        if ":" in address or (way := self._ways.to(address)) is None or not self._has_neighbours(way):
            return False
        hop = way.gateway or address
        if hop in self._table() or hop == (source := self._source_for(hop)):
            return False
        # Where rules lead past the main table, another link may have taken it.
        return bool(source) and source == self._source_for(address)

    @cached_property
    def _ways(self) -> Ways:
        return Ways(read_routes())

    def _has_neighbours(self, way: Route) -> bool:
        if way.interface not in self._links:
            self._links[way.interface] = bool(self._link_mac(way.interface))
        return self._links[way.interface]

    def _table(self) -> frozenset[str]:
        if monotonic() - self._read_at > _READ_EVERY:
            self._known, self._read_at = known_neighbours(), monotonic()
        return self._known
