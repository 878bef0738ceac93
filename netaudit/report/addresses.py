"""Addresses of a scope: which network holds one, how many there are, and how to write many of them shortly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, collapse_addresses, ip_address, ip_network
from typing import Final

from netaudit.scope.model import Address, Net, Network

COUNTABLE: Final = 2**24
"""Networks with more addresses are not counted: nobody asks every address of an IPv6 /64."""


@dataclass(slots=True)
class Finder:
    """Finds the network of an address by one dictionary look-up a prefix length: scopes may have hundreds."""

    networks: Sequence[Network]
    _by_length: dict[tuple[int, int], dict[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        table: dict[tuple[int, int], dict[int, int]] = {}
        for index, network in enumerate(self.networks):
            key = (network.cidr.version, network.cidr.prefixlen)
            table.setdefault(key, {})[_prefix(int(network.cidr.network_address), network.cidr)] = index
        self._by_length = dict(sorted(table.items(), key=lambda item: -item[0][1]))

    def index(self, address: Address) -> int | None:
        """Return the place of the most specific network that holds the address, None when none does."""
        for (version, length), starts in self._by_length.items():
            if version != address.version:
                continue
            found = starts.get(int(address) >> (address.max_prefixlen - length))
            if found is not None and (not self.networks[found].exclude or self.networks[found].holds(address)):
                return found
        return None


def _prefix(start: int, cidr: Net) -> int:
    return start >> (cidr.max_prefixlen - cidr.prefixlen)


@lru_cache(maxsize=1 << 17)
def parse_target(target: str) -> Address | Net | None:
    """Read the target of an attempt: an address, address:port, [address]:port or a network; None for anything else."""
    text = target.strip()
    try:
        if "/" in text:
            return ip_network(text, strict=False)
        if text.startswith("["):
            text = text[1:].partition("]")[0]
        elif text.count(":") == 1:
            text = text.partition(":")[0]
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def holds(network: Net, address: Address) -> bool:
    """True when the address lies in the network, of whichever version either is."""
    return network.version == address.version and address in network


def own_addresses(network: Network, others: Iterable[Network]) -> int | None:
    """Count the addresses that can hold a device: without exclusions and without networks listed on their own.

    None where there are too many to count.
    """
    cidr = network.cidr
    if cidr.num_addresses > COUNTABLE:
        return None
    nested = [other.cidr for other in others if other.cidr != cidr and _inside(other.cidr, cidr)]
    return _host_addresses(cidr) - excluded_addresses(network, nested)


def excluded_addresses(network: Network, also: Sequence[Net] = ()) -> int:
    """Count the addresses of a network that its exclusions take away, and those of the nets in `also`."""
    cidr = network.cidr
    ends = {cidr.network_address, cidr.broadcast_address} if _has_ends(cidr) else set()
    merged = _merge([out for out in (*network.exclude, *also) if _inside(out, cidr)])
    return sum(out.num_addresses - sum(end in out for end in ends) for out in merged)


def _merge(nets: Sequence[Net]) -> list[Net]:
    four = [net for net in nets if net.version == 4]
    six = [net for net in nets if net.version == 6]
    return [*collapse_addresses(four), *collapse_addresses(six)]


def _inside(inner: Net, outer: Net) -> bool:
    return inner.version == outer.version and inner.network_address in outer and inner.prefixlen >= outer.prefixlen


def _has_ends(cidr: Net) -> bool:
    # The first and the last address of an IPv4 network name the network and everyone in it, not a host.
    return cidr.version == 4 and cidr.prefixlen < 31


def _host_addresses(cidr: Net) -> int:
    return cidr.num_addresses - 2 * _has_ends(cidr)


def ranges(addresses: Iterable[Address]) -> list[str]:
    """Write addresses as ascending ranges: "10.0.0.1", "10.0.0.4-10.0.0.9"."""
    out: list[tuple[Address, Address]] = []
    for address in sorted(addresses, key=lambda item: (item.version, int(item))):
        if out and out[-1][1].version == address.version and int(out[-1][1]) + 1 == int(address):
            out[-1] = (out[-1][0], address)
        else:
            out.append((address, address))
    return [str(low) if low == high else f"{low}\u2013{high}" for low, high in out]


def address_key(text: str) -> tuple[int, int, str]:
    """Sort key that puts addresses into numeric order, and anything else behind them."""
    found = parse_target(text)
    if isinstance(found, IPv4Address | IPv6Address):
        return (found.version, int(found), "")
    return (9, 0, text)
