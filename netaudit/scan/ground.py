"""The ground to cover: every address of the scope once, by how it is reached. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Literal, TypeAlias

from netaudit.net.interfaces import Interface, on_link
from netaudit.scope.model import Address, Network, Scope

Reach: TypeAlias = Literal["link", "routed", "loopback"]
REACHES: Final[tuple[Reach, ...]] = ("link", "routed", "loopback")

# An IPv6 network of a usual size cannot be walked; its hosts are heard on the segment only.
_MOST_IPV6: Final = 4096


@dataclass(frozen=True, slots=True)
class Ground:
    """Addresses of one network of the scope that are reached in the same way. `interface`: None behind a router."""

    network: Network
    reach: Reach
    addresses: tuple[str, ...]
    interface: Interface | None = None

    @property
    def label(self) -> str:
        """How reports name it."""
        return f"{self.network.cidr} ({self.network.name or self.network.site or self.reach})"


def grounds(scope: Scope, interfaces: Sequence[Interface]) -> tuple[tuple[Ground, ...], tuple[str, ...]]:
    """Divide the scope; return the grounds and sentences about networks that cannot be walked."""
    found: list[Ground] = []
    losses: list[str] = []
    for network in scope.networks:
        if network.cidr.version == 6 and network.cidr.num_addresses > _MOST_IPV6:
            losses.append(
                f"{network.cidr} has too many addresses to ask each: on a segment of ours its hosts were heard "
                "where they answer, and likely addresses were asked for; elsewhere none was found"
            )
        else:
            found.extend(_divide(network, scope, interfaces))
    return tuple(found), tuple(losses)


def _divide(network: Network, scope: Scope, interfaces: Sequence[Interface]) -> Iterator[Ground]:
    ours = {here.address for here in interfaces if not here.loopback}
    parts: dict[Interface | None, list[str]] = {}
    near = [here for here in interfaces if here.version == network.cidr.version and here.network.overlaps(network.cidr)]
    for address in _hosts(network, scope):
        if str(address) not in ours:
            parts.setdefault(on_link(address, near), []).append(str(address))
    for interface, addresses in parts.items():
        yield Ground(network, _reach(interface, addresses), tuple(addresses), interface)


def _hosts(network: Network, scope: Scope) -> Iterator[Address]:
    for address in network.cidr.hosts():
        # The most specific network of the scope has the address: no address is walked twice.
        if scope.network_of(address) is network:
            yield address


def _reach(interface: Interface | None, addresses: Sequence[str]) -> Reach:
    if ip_address(addresses[0]).is_loopback:
        return "loopback"
    return "link" if interface is not None else "routed"
