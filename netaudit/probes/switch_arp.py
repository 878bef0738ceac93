"""Which address has which MAC, as a router or a layer 3 switch knows it: RFC 4293's two tables, the old and the new."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from netaudit.evidence import tables
from netaudit.probes.snmp_agent import Agent
from netaudit.probes.snmp_message import Oid
from netaudit.probes.switch_ports import Ports, mac_text

_VLAN: Final = re.compile(r"(?:vlan|vl|irb|vlanif|vlan-interface)[-. _/]?(\d{1,4})", re.IGNORECASE)
_BYTES: Final = {1: 4, 2: 16, 3: 4, 4: 16}
"""InetAddressType to the bytes of the address: IPv4, IPv6, and both with a zone behind."""


def read_arp(agent: Agent, ports: Ports, source: str) -> list[tables.Row]:
    """Read the tables; an entry that both have is given once. Raises LoginRefusedError."""
    found: dict[tuple[str, str], tables.Row] = {}
    for column, read in (("ipNetToPhysicalPhysAddress", _new), ("ipNetToMediaPhysAddress", _old)):
        for index, value in agent.column(column).items():
            for interface, address in read(index):
                name = ports.name(interface)
                vlan = _VLAN.fullmatch(name)
                row = tables.arp(address, mac_text(value), interface=name, vlan=vlan[1] if vlan else "", source=source)
                if row is not None:
                    found.setdefault((address, mac_text(value)), row)
    return list(found.values())


def _old(index: Oid) -> Iterator[tuple[int, str]]:
    if len(index) == 5 and all(part < 256 for part in index[1:]):
        yield index[0], str(IPv4Address(bytes(index[1:])))


def _new(index: Oid) -> Iterator[tuple[int, str]]:
    size = _BYTES.get(index[1], 0) if len(index) > 2 else 0
    octets = index[3 : 3 + size]
    if size and len(octets) == size and all(part < 256 for part in octets):
        raw = bytes(octets)
        yield index[0], str(IPv4Address(raw) if size == 4 else IPv6Address(raw))
