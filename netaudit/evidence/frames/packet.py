"""IP packets: addresses, protocol, payload; fragments are marked as such."""

from ipaddress import IPv4Address, IPv6Address
from typing import Final, NamedTuple

TCP, UDP, ICMPV6 = 6, 17, 58

_MOST_EXTENSIONS: Final = 8
_EXTENSIONS: Final = frozenset({0, 43, 60, 135})
_FRAGMENT: Final = 44
_AUTHENTICATION: Final = 51


class Fragment(NamedTuple):
    """Where a piece belongs. `offset`: bytes into the whole payload; `more`: further pieces follow."""

    identification: int
    offset: int
    more: bool


class Packet(NamedTuple):
    """One IP packet. `payload`: what the IP head says belongs to it; `ttl`: as it arrived."""

    source: str
    destination: str
    protocol: int
    payload: bytes
    ttl: int
    fragment: Fragment | None = None


def read_ipv4(raw: bytes) -> Packet | None:
    """Return the packet; None for what is none. Padding behind its length is cut, a cut capture is read as it is."""
    head = (raw[0] & 0x0F) * 4 if raw else 0
    if head < 20 or len(raw) < head or raw[0] >> 4 != 4:
        return None
    length = int.from_bytes(raw[2:4])
    # A network card that splits packets itself shows them with length 0 on their way out.
    end = length if length >= head else len(raw)
    flags = int.from_bytes(raw[6:8])
    more, offset = bool(flags & 0x2000), (flags & 0x1FFF) * 8
    fragment = Fragment(int.from_bytes(raw[4:6]), offset, more) if more or offset else None
    source, destination = str(IPv4Address(raw[12:16])), str(IPv4Address(raw[16:20]))
    return Packet(source, destination, raw[9], raw[head:end], raw[8], fragment)


def read_ipv6(raw: bytes) -> Packet | None:
    """Return the packet behind its extension heads; None for what is none."""
    if len(raw) < 40 or raw[0] >> 4 != 6:
        return None
    length = int.from_bytes(raw[4:6])
    protocol, payload = raw[6], raw[40 : 40 + length] if length else raw[40:]
    fragment: Fragment | None = None
    for _ in range(_MOST_EXTENSIONS):
        if protocol == _FRAGMENT and len(payload) >= 8 and fragment is None:
            place = int.from_bytes(payload[2:4])
            fragment = Fragment(int.from_bytes(payload[4:8]), place & 0xFFF8, bool(place & 1))
            protocol, payload = payload[0], payload[8:]
            if fragment.offset:
                break
        elif protocol in _EXTENSIONS and len(payload) >= 8:
            protocol, payload = payload[0], payload[(payload[1] + 1) * 8 :]
        elif protocol == _AUTHENTICATION and len(payload) >= 8:
            protocol, payload = payload[0], payload[(payload[1] + 2) * 4 :]
        else:
            break
    if fragment is not None and not fragment.offset and not fragment.more:
        fragment = None
    return Packet(str(IPv6Address(raw[8:24])), str(IPv6Address(raw[24:40])), protocol, payload, raw[7], fragment)
