"""LLDP (IEEE 802.1AB): what a neighbour on the cable says of itself, with LLDP-MED's inventory (ANSI/TIA-1057)."""

from collections.abc import Callable, Iterator
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import listed
from netaudit.evidence.packed import MAX_ENTRIES, Decoder, chars, hexed, ipv4, ipv6, mac, number

_END, _CHASSIS, _PORT, _CAPABILITIES, _MANAGEMENT, _OWN = 0, 1, 2, 7, 8, 127
_CHASSIS_MAC, _PORT_MAC = 4, 3
_CHASSIS_ADDRESS, _PORT_ADDRESS = 5, 4
_TEXTS: Final[dict[int, tuple[str, Decoder]]] = {
    3: ("ttl", number), 4: ("port_description", chars), 5: ("system_name", chars), 6: ("system_description", chars),
}  # fmt: skip
_CAPABLE: Final = ("other", "repeater", "bridge", "access point", "router", "telephone", "cable modem", "station")
_DOT1, _DOT3, _MED = b"\x00\x80\xc2", b"\x00\x12\x0f", b"\x00\x12\xbb"
_ORGANISATIONS: Final[dict[tuple[bytes, int], tuple[str, Decoder]]] = {
    (_DOT1, 1): ("vlan", number),
    (_MED, 5): ("hardware", chars), (_MED, 6): ("firmware", chars), (_MED, 7): ("software", chars),
    (_MED, 8): ("serial", chars), (_MED, 9): ("manufacturer", chars), (_MED, 10): ("model", chars),
    (_MED, 11): ("asset", chars),
}  # fmt: skip


def read(raw: bytes) -> Fields:
    """Return chassis, mac, port, ttl, system_name, system_description, capabilities, management_address, vlan,
    poe_watts and the inventory (manufacturer, model, serial, firmware, software, hardware, asset).

    {} for what does not begin with a chassis and a port.
    """
    entries = list(_entries(raw))
    if [kind for kind, _ in entries[:2]] != [_CHASSIS, _PORT]:
        return {}
    found: dict[str, list[str]] = {}
    for kind, value in entries:
        for name, text in _read(kind, value):
            if text:
                found.setdefault(name, []).append(text)
    return listed(found)


def _entries(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, value): seven bits of type, nine of length."""
    position = 0
    for _ in range(MAX_ENTRIES):
        head = int.from_bytes(raw[position : position + 2])
        start, length = position + 2, head & 0x1FF
        if start + length > len(raw) or head >> 9 == _END:
            return
        yield head >> 9, raw[start : start + length]
        position = start + length


def _read(kind: int, value: bytes) -> Iterator[tuple[str, str]]:
    if kind == _CHASSIS:
        yield from _identified("chassis", value, _CHASSIS_MAC, _CHASSIS_ADDRESS)
    elif kind == _PORT:
        yield from _identified("port", value, _PORT_MAC, _PORT_ADDRESS)
    elif kind in _TEXTS:
        name, decode = _TEXTS[kind]
        yield name, decode(value)
    elif kind == _CAPABILITIES and len(value) == 4:
        enabled = int.from_bytes(value[2:])
        yield "capabilities", ", ".join(word for bit, word in enumerate(_CAPABLE) if enabled >> bit & 1)
    elif kind == _MANAGEMENT and value:
        yield "management_address", _address(value[1 : 1 + value[0]])
    elif kind == _OWN and len(value) >= 4:
        yield from _organisation(value[:3], value[3], value[4:])


def _identified(name: str, value: bytes, mac_type: int, address_type: int) -> Iterator[tuple[str, str]]:
    """A chassis or a port is named by a MAC, an address or a text; only a MAC is a key of the device."""
    kind, rest = value[:1], value[1:]
    if kind == bytes([mac_type]) and len(rest) == 6:
        yield name, mac(rest)
        yield "mac", mac(rest)
    else:
        yield name, _address(rest) if kind == bytes([address_type]) else chars(rest)


def _address(piece: bytes) -> str:
    """An address behind its family (1 IPv4, 2 IPv6, 6 MAC)."""
    return {1: ipv4, 2: ipv6, 6: mac}.get(piece[0] if piece else 0, hexed)(piece[1:])


def _organisation(owner: bytes, kind: int, value: bytes) -> Iterator[tuple[str, str]]:
    if (owner, kind) in _ORGANISATIONS:
        name, decode = _ORGANISATIONS[owner, kind]
        yield name, decode(value)
    elif (owner, kind) == (_DOT3, 2) and len(value) >= 7:
        # Power via MDI, the device's request (802.3at): tenths of a watt.
        yield "poe_watts", _watts(value[3:])
    elif (owner, kind) == (_MED, 4) and len(value) == 3:
        yield "poe_watts", f"{int.from_bytes(value[1:]) / 10:g}"


def _watts(value: bytes) -> str:
    return f"{int.from_bytes(value[1:3]) / 10:g}" if len(value) >= 3 and any(value[1:3]) else ""


READERS: dict[str, Callable[[bytes], Fields]] = {"lldp.announcement": read}
