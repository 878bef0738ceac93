"""What devices say of themselves in one frame: the way from bytes of a link to findings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import MappingProxyType
from typing import Final

from netaudit.evidence import kinds
from netaudit.evidence.fields import Fields, first
from netaudit.evidence.frames import link, neighbour, readers
from netaudit.evidence.frames.fragments import Fragments
from netaudit.evidence.frames.link import Frame
from netaudit.evidence.frames.packet import ICMPV6, UDP, Packet, read_ipv4, read_ipv6
from netaudit.evidence.frames.segment import Udp, read_udp

_NOTHING: Final[Mapping[str, str | tuple[str, ...]]] = MappingProxyType({})
_BY_PROTOCOL: Final = {link.LLDP: "lldp.announcement", link.CDP: "cdp.announcement", link.SADP: "sadp.frame"}
# With one of these counts left a packet has passed no router yet: what systems begin with (and mDNS must).
_FIRST_HOPS: Final = frozenset({64, 128, 255})
_FIRST_HOPS_TO_ALL: Final = _FIRST_HOPS | {1, 2, 4, 5, 8, 10, 16, 32}
_NOBODY: Final = frozenset({"0.0.0.0", "::", "255.255.255.255"})  # noqa: S104 - compared, nothing is bound


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a device said. `raw`, or `fields` where the kind keeps no bytes (link.mac).

    `ip`: who spoke, "" where only the MAC is known. `mac`: its own, "" where a router may stand between.
    `port`: the speaker's UDP port, 0 for none. `vlan`: the innermost tag, 0 for none.
    """

    kind: str
    raw: bytes | None = None
    fields: Fields = field(default_factory=lambda: _NOTHING)
    ip: str = ""
    mac: str = ""
    port: int = 0
    vlan: int = 0

    def target(self) -> dict[str, str | int]:
        """Return what is known, as the target of an observation."""
        transport = "udp" if self.port else ""
        known: dict[str, str | int] = {"ip": self.ip, "mac": self.mac, "vlan": self.vlan, "port": self.port}
        known["transport"] = transport
        return {name: value for name, value in known.items() if value}


def read(frame: Frame, fragments: Fragments) -> Iterator[Finding]:
    """Yield what is said in a frame; nothing for requests and for traffic that says nothing of a device.

    `fragments` keeps the pieces of long packets between calls.
    """
    vlan = frame.vlans[-1] if frame.vlans else 0
    if frame.protocol == link.ARP:
        yield from _arp(frame, vlan)
    elif frame.protocol in _BY_PROTOCOL:
        yield from _announcement(frame, vlan)
    elif packet := packet_of(frame, fragments):
        yield from of_packet(packet, frame, vlan)


def packet_of(frame: Frame, fragments: Fragments) -> Packet | None:
    """Return the IP packet of a frame, whole; None for other frames and while pieces are missing."""
    if frame.protocol == link.IPV4:
        packet = read_ipv4(frame.payload)
    else:
        packet = read_ipv6(frame.payload) if frame.protocol == link.IPV6 else None
    return fragments.whole(packet) if packet else None


def of_packet(packet: Packet, frame: Frame, vlan: int) -> Iterator[Finding]:
    """Yield what is said in a whole IP packet that came in `frame`."""
    if packet.protocol == ICMPV6 and (found := neighbour.of_icmpv6(packet)):
        yield _link_mac(found.ip, found.mac, vlan)
    elif packet.protocol == UDP and (datagram := read_udp(packet.payload)):
        mac = frame.source if _is_near(packet, frame) else ""
        for kind in readers.findings(datagram.source_port, datagram.destination_port, datagram.payload):
            yield _finding(kind, datagram, packet.source, mac, vlan)


def _arp(frame: Frame, vlan: int) -> Iterator[Finding]:
    message = neighbour.read_arp(frame.payload)
    found = neighbour.of_arp(message) if message else None
    # A sender that names another's MAC is a proxy or an enemy: neither is evidence of a device.
    if found and frame.source in ("", found.mac):
        yield _link_mac(found.ip, found.mac, vlan)


def _announcement(frame: Frame, vlan: int) -> Iterator[Finding]:
    kind = _BY_PROTOCOL[frame.protocol]
    fields = kinds.read(kind, frame.payload)
    if fields:
        address = first(fields, "management_address") if kind != "sadp.frame" else first(fields, "IPv4Address")
        yield Finding(kind, frame.payload, ip=_usable(address), mac=_unit(frame.source), vlan=vlan)


def _finding(kind: str, datagram: Udp, source: str, mac: str, vlan: int) -> Finding:
    if kind == "dhcp.lease":
        # A client that asks for an address has none yet, or not for sure: its MAC is in the message itself.
        fields = kinds.read(kind, datagram.payload)
        return Finding(kind, datagram.payload, ip=_usable(first(fields, "ip")), mac=first(fields, "mac"), vlan=vlan)
    return Finding(kind, datagram.payload, ip=_usable(source), mac=_unit(mac), port=datagram.source_port, vlan=vlan)


def _link_mac(ip: str, mac: str, vlan: int) -> Finding:
    return Finding("link.mac", None, {"mac": mac}, ip=ip, mac=mac, vlan=vlan)


def _is_near(packet: Packet, frame: Frame) -> bool:
    """True where the frame's source is the speaker and no router: the packet has no hop behind it."""
    return packet.ttl in (_FIRST_HOPS_TO_ALL if frame.to_all else _FIRST_HOPS)


def _unit(mac: str) -> str:
    return mac if neighbour.is_unit(mac) else ""


def _usable(text: str) -> str:
    """Return an address in its usual spelling, "" for none, for nobody's and for a group."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return "" if str(address) in _NOBODY or address.is_multicast else str(address)
