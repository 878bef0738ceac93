"""The IPv6 counterpart of the ARP sweep: neighbour solicitations (RFC 4861), and which addresses are worth one.

A /64 cannot be walked. But cameras mostly make their address from their MAC (RFC 4291, appendix A), installers number
by hand from 1, and some write the IPv4 address into the IPv6 one: few enough to ask for each.
"""

import socket
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final

from netaudit.net.interfaces import Interface
from netaudit.net.wire import Wire
from netaudit.sweep.link_sweep import LinkSweep

_HEAD: Final = bytes.fromhex("6000000000203aff")
_SOLICITED_GROUP: Final = bytes.fromhex("ff0200000000000000000001ff000000")
_SOLICIT, _ADVERTISE = 135, 136
_ICMPV6, _LENGTH = 58, 32
_NEVER_ROUTED: Final = 255
_GROUP_MAC, _GROUP, _SUM, _TARGET = 3, 51, 56, 62
_LOW_NUMBERS: Final = 255


def template(own_mac: str, own_ip: str) -> bytes:
    """Return the solicitation frame (86 bytes) with nobody as its target."""
    mac, source = bytes.fromhex(own_mac.replace(":", "")), socket.inet_pton(socket.AF_INET6, own_ip)
    ethernet = bytes.fromhex("3333ff000000") + mac + b"\x86\xdd"
    message = struct.pack("!BBHI", _SOLICIT, 0, 0, 0) + bytes(16) + b"\x01\x01" + mac
    return ethernet + _HEAD + source + _SOLICITED_GROUP + message


def patch(frames: bytearray, start: int, target: bytes) -> None:
    """Write the address that is asked for: its group, its MAC group, itself, and the sum over all."""
    last = target[13:]
    frames[start + _GROUP_MAC : start + _GROUP_MAC + 3] = last
    frames[start + _GROUP : start + _GROUP + 3] = last
    frames[start + _TARGET : start + _TARGET + 16] = target
    frames[start + _SUM : start + _SUM + 2] = bytes(2)
    # Source, group and message; the pseudo header adds length and protocol.
    total = sum(struct.unpack_from("!32H", frames, start + 22)) + _LENGTH + _ICMPV6
    frames[start + _SUM : start + _SUM + 2] = (0xFFFF - total % 0xFFFF).to_bytes(2)


def read_reply(frame: bytes) -> tuple[str, str] | None:
    """Return (address, mac) of a neighbour advertisement; None for anything else, or what came through a router."""
    if len(frame) < 78 or frame[12:14] != b"\x86\xdd" or frame[20] != _ICMPV6 or frame[21] != _NEVER_ROUTED:
        return None
    if frame[54] != _ADVERTISE:
        return None
    # The target's own MAC is an option that may be left out where it was asked directly.
    mac = frame[80:86] if frame[78:80] == b"\x02\x01" and len(frame) >= 86 else frame[6:12]
    if mac[0] & 1 or not any(mac):
        return None
    return str(IPv6Address(frame[62:78])), mac.hex(":")


async def nd_sweep(
    wire: Wire, interface: Interface, addresses: Sequence[str], moved: Callable[[float], None] = lambda _: None
) -> LinkSweep:
    """Ask for every address, the silent ones twice. Raises PermissionError without CAP_NET_RAW."""
    port = wire.neighbours(interface, template(interface.mac, interface.address), patch)
    sweep = LinkSweep(wire.pacer, port, read_reply, moved)
    await sweep.ask(addresses)
    return sweep


def likely(network: IPv6Network, macs: Iterable[str], ipv4: Iterable[str]) -> Iterator[str]:
    """Yield addresses of a network that are worth a question, each once.

    `macs`, `ipv4`: of hosts known on the same link. A network longer than /64 has no room for a MAC.
    """
    base = int(network.network_address)
    numbers = dict.fromkeys(range(1, _LOW_NUMBERS + 1))
    if network.prefixlen <= 64:
        numbers |= dict.fromkeys(_from_mac(mac) for mac in macs)
    for known in ipv4:
        numbers |= dict.fromkeys((int(IPv4Address(known)), _as_written(known)))
    for number in numbers:
        address = IPv6Address((base | number) & (1 << 128) - 1)
        if address in network:
            yield str(address)


def _from_mac(mac: str) -> int:
    octets = bytes.fromhex(mac.replace(":", ""))
    return int.from_bytes(bytes([octets[0] ^ 2]) + octets[1:3] + b"\xff\xfe" + octets[3:])


def _as_written(ipv4: str) -> int:
    """10.20.0.5 as the four last groups: ::10:20:0:5."""
    return int.from_bytes(b"".join(int(part, 16).to_bytes(2) for part in ipv4.split(".")))
