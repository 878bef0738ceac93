"""The kernel's neighbour table: it holds 1,024 hosts of our own links by default, and drops packets when it is full.

Measured: of 6,000 living hosts on one link a plain connect scan found 1,022. While an entry counts as reachable (up to
45 s after its last use: 1.5 times base_reachable_time) the kernel cannot put it out, so no more hosts are touched in
that time than the table has room for.
"""

from collections import OrderedDict
from pathlib import Path
from typing import Final

_LIMIT: Final = Path("/proc/sys/net/ipv4/neigh/default/gc_thresh3")
_TABLE: Final = Path("/proc/thread-self/net/arp")
# Linux's own default; inside a network namespace the setting cannot be read.
_USUAL_LIMIT: Final = 1024
_KEPT_FOR_OTHERS: Final = 64
_LEAST: Final = 64
STAYS: Final = 45.5
_LEAST_PAUSE: Final = 0.001


class Neighbours:
    """At most `room` different hosts are touched within the time an entry must stay. Pure: the caller has the clock.

    `hosts`: those that are to be minded; the caller asks `wait` for them only.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.hosts: frozenset[str] = frozenset()
        self._touched: OrderedDict[str, float] = OrderedDict()

    def wait(self, host: str, now: float) -> float:
        """Seconds until a packet may go to this host; 0: it is now counted as touched."""
        while self._touched and next(iter(self._touched.values())) <= now - STAYS:
            self._touched.popitem(last=False)
        if host not in self._touched and len(self._touched) >= self.room:
            # Never 0: that would mean "go", and rounding can make it so.
            return max(next(iter(self._touched.values())) + STAYS - now, _LEAST_PAUSE)
        self.touch(host, now)
        return 0.0

    def touch(self, host: str, now: float) -> None:
        """Count a host as touched, whoever did it."""
        self._touched[host] = now
        self._touched.move_to_end(host)


def neighbour_room(limit: Path = _LIMIT, table: Path = _TABLE) -> int:
    """How many further hosts of our links the kernel can talk to at the same time."""
    try:
        most = int(limit.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        most = _USUAL_LIMIT
    try:
        used = max(0, len(table.read_bytes().splitlines()) - 1)
    except OSError:
        used = 0
    return max(_LEAST, most - used - _KEPT_FOR_OTHERS)


def known_neighbours(table: Path = _TABLE) -> frozenset[str]:
    """Addresses in the kernel's table, resolved or not: each takes room there."""
    try:
        lines = table.read_text(encoding="ascii", errors="replace").splitlines()[1:]
    except OSError:
        return frozenset()
    return frozenset(line.split(maxsplit=1)[0] for line in lines if line.strip())
