"""Which way packets would leave this machine: the kernel's own routing tables, read and not asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_network
from pathlib import Path
from typing import Final, TypeAlias

from netaudit.scope.model import Address, Net

_V4: Final = Path("/proc/thread-self/net/route")
_V6: Final = Path("/proc/thread-self/net/ipv6_route")
_UP: Final = 0x0001
_REJECT: Final = 0x0200
_LOOPBACK: Final = ip_network("127.0.0.0/8")


@dataclass(frozen=True, slots=True)
class Route:
    """One row of a routing table. `gateway`: "" on our own link. `reject`: the kernel refuses to send there."""

    network: Net
    interface: str
    gateway: str = ""
    metric: int = 0
    reject: bool = False

    @property
    def text(self) -> str:
        """The row in the way of `ip route`: "10.0.0.0/8 via 10.77.0.1 dev eth0"."""
        if self.reject:
            return f"unreachable {self.network}"
        where = "default" if self.network.prefixlen == 0 else str(self.network)
        via = f" via {self.gateway}" if self.gateway else ""
        return f"{where}{via} dev {self.interface}"


_Reader: TypeAlias = Callable[[list[str]], "Route | None"]


def read_routes(v4: Path = _V4, v6: Path = _V6) -> tuple[Route, ...]:
    """Return the rows of the main tables that are up; what cannot be read has none."""
    loopback = Route(_LOOPBACK, "lo")
    return (loopback, *_rows(v4, _row_v4), *_rows(v6, _row_v6))


def route_to(address: Address, routes: Iterable[Route]) -> Route | None:
    """Return the row that the kernel would take: the longest prefix, then the lowest metric; None without one."""
    fitting = [route for route in routes if route.network.version == address.version and address in route.network]
    best = max(fitting, key=lambda route: (route.network.prefixlen, -route.metric), default=None)
    return None if best is None or best.reject else best


class Ways:
    """The same decision for very many IPv4 addresses: a look into one dictionary for each prefix length."""

    def __init__(self, routes: Iterable[Route]) -> None:
        by_mask: dict[int, dict[int, Route]] = {}
        for route in routes:
            if isinstance(route.network, IPv4Network):
                same = by_mask.setdefault(int(route.network.netmask), {})
                net = int(route.network.network_address)
                if net not in same or route.metric < same[net].metric:
                    same[net] = route
        self._by_mask = sorted(by_mask.items(), reverse=True)

    def to(self, address: str) -> Route | None:
        """Return the row that the kernel would take; None without one, or where it refuses."""
        number = int(IPv4Address(address))
        for mask, nets in self._by_mask:
            if (route := nets.get(number & mask)) is not None:
                return None if route.reject else route
        return None


def routes_towards(networks: Iterable[Net], routes: Iterable[Route]) -> tuple[Route, ...]:
    """Return the rows that lead to any of these networks or to a part of one."""
    wanted = list(networks)
    return tuple(
        route
        for route in routes
        if any(net.version == route.network.version and net.overlaps(route.network) for net in wanted)
    )


def parse_route(text: str) -> Route | None:
    """Read what `Route.text` wrote, None for anything else. A default route is of the family of its gateway."""
    words = text.split()
    try:
        if len(words) == 2 and words[0] == "unreachable":
            return Route(ip_network(words[1]), "", reject=True)
        told = dict(zip(words[1::2], words[2::2], strict=True))
        gateway = told.get("via", "")
        everything = "::/0" if ":" in gateway else "0.0.0.0/0"
        return Route(ip_network(everything if words[0] == "default" else words[0]), told["dev"], gateway)
    except (ValueError, KeyError, IndexError):
        return None


def _rows(path: Path, read: _Reader) -> Iterable[Route]:
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            route = read(line.split())
        except (ValueError, IndexError):
            continue
        if route is not None:
            yield route


def _row_v4(row: list[str]) -> Route | None:
    """Columns: Iface Destination Gateway Flags RefCnt Use Metric Mask; addresses little-endian hexadecimal."""
    flags = int(row[3], 16)
    if not flags & _UP:
        return None
    network = ip_network(f"{_little(row[1])}/{_little(row[7])}")
    gateway = "" if row[2] == "00000000" else _little(row[2])
    return Route(network, row[0], gateway, int(row[6]), bool(flags & _REJECT))


def _little(word: str) -> str:
    return str(IPv4Address(bytes.fromhex(word)[::-1]))


def _row_v6(row: list[str]) -> Route | None:
    """Columns: destination, prefix length, source, its length, next hop, metric, use counts, flags, interface."""
    flags = int(row[8], 16)
    if not flags & _UP or (row[9] == "lo" and not flags & _REJECT):
        return None
    network = ip_network((bytes.fromhex(row[0]), int(row[1], 16)), strict=False)
    hop = IPv6Address(bytes.fromhex(row[4]))
    return Route(network, row[9], "" if hop.is_unspecified else str(hop), int(row[5], 16), bool(flags & _REJECT))
