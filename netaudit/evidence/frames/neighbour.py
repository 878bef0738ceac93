"""Who has which address on the link: ARP (RFC 826) and IPv6 neighbour discovery (RFC 4861)."""

from ipaddress import IPv4Address, IPv6Address
from typing import Final, NamedTuple

from netaudit.evidence.frames.packet import ICMPV6, Packet

REQUEST, REPLY = 1, 2

_ETHERNET_IPV4: Final = bytes.fromhex("000108000604")
_SOLICITATION, _ADVERTISEMENT = 135, 136
_SOURCE_ADDRESS, _TARGET_ADDRESS = 1, 2
_NEVER_ROUTED: Final = 255


class Arp(NamedTuple):
    """One ARP message. `operation`: REQUEST, REPLY or another number."""

    operation: int
    sender_mac: str
    sender_ip: str
    target_mac: str
    target_ip: str


class Neighbour(NamedTuple):
    """Somebody says that he has this address."""

    ip: str
    mac: str


def read_arp(payload: bytes) -> Arp | None:
    """Return an ARP message of IPv4 on Ethernet, None for any other."""
    if len(payload) < 28 or payload[:6] != _ETHERNET_IPV4:
        return None
    return Arp(
        int.from_bytes(payload[6:8]),
        payload[8:14].hex(":"),
        str(IPv4Address(payload[14:18])),
        payload[18:24].hex(":"),
        str(IPv4Address(payload[24:28])),
    )


def of_arp(message: Arp) -> Neighbour | None:
    """Return the sender; None for a question before an address is taken (0.0.0.0) and for nonsense."""
    if message.sender_ip == "0.0.0.0" or not is_unit(message.sender_mac):  # noqa: S104 - a field, nothing is bound
        return None
    return Neighbour(message.sender_ip, message.sender_mac)


def of_icmpv6(packet: Packet) -> Neighbour | None:
    """Return who solicits or advertises; None for other messages, and for what came through a router."""
    data = packet.payload
    if packet.protocol != ICMPV6 or packet.ttl != _NEVER_ROUTED or len(data) < 24:
        return None
    wanted = {_SOLICITATION: _SOURCE_ADDRESS, _ADVERTISEMENT: _TARGET_ADDRESS}.get(data[0])
    mac = _option(data[24:], wanted) if wanted else ""
    if not is_unit(mac):
        return None
    return Neighbour(packet.source if data[0] == _SOLICITATION else str(IPv6Address(data[8:24])), mac)


def is_unit(mac: str) -> bool:
    """True for the address of one unit: neither a group nor all zeros nor empty."""
    return len(mac) == 17 and mac != "00:00:00:00:00:00" and not int(mac[:2], 16) & 1


def _option(options: bytes, wanted: int) -> str:
    position = 0
    while position + 8 <= len(options) and (length := options[position + 1] * 8):
        if options[position] == wanted and length == 8:
            return options[position + 2 : position + 8].hex(":")
        position += length
    return ""
