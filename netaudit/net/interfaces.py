"""Where we stand: the addresses of this machine that lie in the scope, one entry an address."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, ip_interface
from pathlib import Path
from typing import Final, TypeAlias

import ifaddr

from netaudit.net.sockets import LinkFlags, link_flags, link_mac
from netaudit.scope.model import Address, Net, Scope

# IFA_F_DADFAILED and IFA_F_TENTATIVE.
_NOT_READY: Final = 0x08 | 0x40

_Placed: TypeAlias = IPv4Interface | IPv6Interface


@dataclass(frozen=True, slots=True)
class Interface:
    """One address of ours on one link.

    `network`: what is on-link there. `broadcast`: "" for IPv6. `mac`: "" where the link has none. `vouched`: of a
    link-local address, our address on the same link that is in scope.
    """

    name: str
    index: int
    address: str
    network: Net
    broadcast: str = ""
    mac: str = ""
    loopback: bool = False
    vouched: str = ""

    @property
    def version(self) -> int:
        """4 or 6."""
        return self.network.version

    @property
    def label(self) -> str:
        """How reports name it: "eth0 192.0.2.2"."""
        return f"{self.name} {self.address}"


def interfaces_in_scope(scope: Scope) -> tuple[tuple[Interface, ...], tuple[str, ...]]:
    """Return our addresses from which the scope's segments can be asked, and sentences about those that cannot.

    An address counts when a network of the scope holds it. The loopback link counts once for every network of the
    scope inside 127.0.0.0/8, with an address of that network as ours: all of them are this machine's.
    """
    found: list[Interface] = []
    losses: list[str] = []
    for name, index, placed in _addresses():
        flags = link_flags(name)
        if flags.loopback:
            found.extend(_loopback(name, index, placed, scope))
        elif scope.segment_of(placed.ip) is None:
            continue
        elif not flags.up:
            losses.append(f"interface {name} ({placed.ip}) is down: its segment was not asked")
        else:
            found.append(_interface(name, index, placed, flags))
    return tuple(found), tuple(losses)


def own_interfaces() -> tuple[tuple[Interface, ...], tuple[str, ...]]:
    """Return every address of this machine that a scope could name, and a sentence about each link that is down."""
    found: list[Interface] = []
    losses: list[str] = []
    for name, index, placed in _addresses():
        flags = link_flags(name)
        if flags.loopback or placed.ip.is_link_local:
            continue
        if flags.up:
            found.append(_interface(name, index, placed, flags))
        else:
            losses.append(f"interface {name} ({placed.ip}) is down: its segment cannot be asked")
    return tuple(found), tuple(losses)


def link_local(found: Iterable[Interface]) -> tuple[Interface, ...]:
    """Return our IPv6 link-local addresses on the links that are in scope by another address.

    Every IPv6 device has one and answers from it to a question that came from one, whatever else it is set up for. One
    that the kernel still makes sure of (the first second of a link) cannot send yet and is left out.
    """
    vouched = {here.name.partition(":")[0]: here.address for here in found if not here.loopback}
    unready = _unready()
    return tuple(
        replace(_interface(name, index, placed, LinkFlags(True, False, False)), vouched=vouched[name])
        for name, index, placed in _addresses()
        if placed.version == 6 and placed.ip.is_link_local and name in vouched and placed.ip.packed not in unready
    )


def other_links(scope: Scope) -> tuple[Interface, ...]:
    """Return our IPv4 addresses outside the scope whose links hold a part of it.

    Such a link is never asked as a whole, but single addresses of the scope are neighbours there, behind no router.
    """
    nets = [network.cidr for network in scope.networks]
    return tuple(
        _interface(name, index, placed, link_flags(name))
        for name, index, placed in _addresses()
        if _is_real(name, placed)
        and scope.segment_of(placed.ip) is None
        and any(net.version == 4 and net.overlaps(placed.network) for net in nets)
        and link_flags(name).up
    )


def _unready() -> frozenset[bytes]:
    """IPv6 addresses of ours that may not be used: tentative ones, and those that somebody else has too."""
    try:
        lines = Path("/proc/thread-self/net/if_inet6").read_text(encoding="ascii").splitlines()
    except OSError:
        return frozenset()
    rows = (line.split() for line in lines)
    return frozenset(bytes.fromhex(row[0]) for row in rows if len(row) == 6 and int(row[4], 16) & _NOT_READY)


def local_networks() -> list[Net]:
    """Return the IPv4 networks that this machine is on, loopback left out: what `netaudit init` proposes."""
    found = {placed.network: None for name, _, placed in _addresses() if _is_real(name, placed)}
    return list(found)


def address_links() -> dict[str, str]:
    """Return every address of this machine and the link it is on."""
    return {str(placed.ip): name.partition(":")[0] for name, _, placed in _addresses()}


def link_index(name: str) -> int:
    """Return the number of a link of this machine, 0 where there is none of that name."""
    try:
        return socket.if_nametoindex(name)
    except OSError:
        return 0


def vlan_of(name: str) -> int:
    """Return the VLAN that an interface stands in ("eth0.20", whatever it is called), 0 for none."""
    try:
        first = Path("/proc/thread-self/net/vlan", name).read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    number = first.partition("VID: ")[2].partition("\t")[0].strip()
    return int(number) if number.isdigit() else 0


def _is_real(name: str, placed: _Placed) -> bool:
    return placed.version == 4 and placed.network.prefixlen < 31 and not link_flags(name).loopback


def on_link(address: Address, interfaces: Iterable[Interface]) -> Interface | None:
    """Return the interface on whose own network the address lies, None for one behind a router."""
    return next(
        (here for here in interfaces if here.version == address.version and address in here.network),
        None,
    )


def _addresses() -> list[tuple[str, int, _Placed]]:
    """Name, index and address with prefix of every address of this machine."""
    placed: list[tuple[str, int, _Placed]] = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            text = entry.ip if isinstance(entry.ip, str) else entry.ip[0]
            if adapter.index is not None:
                placed.append((adapter.name, adapter.index, ip_interface(f"{text}/{entry.network_prefix}")))
    return placed


def _interface(name: str, index: int, placed: _Placed, flags: LinkFlags) -> Interface:
    broadcast = str(placed.network.broadcast_address) if placed.version == 4 and flags.broadcast else ""
    return Interface(name, index, str(placed.ip), placed.network, broadcast, link_mac(name))


def _loopback(name: str, index: int, placed: _Placed, scope: Scope) -> list[Interface]:
    if placed.version != 4:
        return []
    inside = [net.cidr for net in scope.networks if isinstance(net.cidr, IPv4Network) and net.cidr.is_loopback]
    ours = [(_own_loopback_address(cidr, placed), cidr) for cidr in inside]
    return [
        Interface(name, index, address, cidr, "127.255.255.255", loopback=True)
        for address, cidr in ours
        if scope.network_of(ip_interface(address).ip) is not None
    ]


def _own_loopback_address(cidr: IPv4Network, placed: _Placed) -> str:
    """127.0.0.1 where the scope holds it, else the network's own first address, which no demo device uses."""
    return str(placed.ip) if placed.ip in cidr else str(cidr.network_address)
