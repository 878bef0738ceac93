"""CDP, Cisco's neighbour announcement: cameras of several makers send it too, for the power of the port."""

from collections.abc import Callable, Iterator
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import listed
from netaudit.evidence.packed import MAX_ENTRIES, Decoder, chars, ipv4, number

_HEAD: Final = 4
_ADDRESSES: Final = (0x02, 0x16)
_IPV4: Final = b"\1\1\xcc"
_CAPABLE: Final = ("router", "bridge", "source route bridge", "switch", "host", "igmp", "repeater", "phone")


def _capabilities(piece: bytes) -> str:
    bits = int.from_bytes(piece[-4:])
    return ", ".join(word for bit, word in enumerate(_CAPABLE) if bits >> bit & 1)


def _watts(piece: bytes) -> str:
    """Milliwatts, as requested or consumed."""
    return f"{int.from_bytes(piece) / 1000:g}" if len(piece) == 2 and any(piece) else ""


# Types: tcpdump's print-cdp.c and Wireshark's packet-cdp.c agree.
_TYPES: Final[dict[int, tuple[str, Decoder]]] = {
    0x01: ("device_id", chars), 0x03: ("port", chars), 0x04: ("capabilities", _capabilities),
    0x05: ("software", chars), 0x06: ("platform", chars), 0x0A: ("vlan", number), 0x10: ("poe_watts", _watts),
    0x14: ("system_name", chars), 0x17: ("location", lambda piece: chars(piece[1:])),
}  # fmt: skip


def read(raw: bytes) -> Fields:
    """Return device_id, port, capabilities, software, platform, management_address, vlan, poe_watts, system_name.

    {} for what is no announcement of version 1 or 2 with a device in it.
    """
    if raw[:1] not in (b"\1", b"\2"):
        return {}
    found: dict[str, list[str]] = {}
    for kind, value in _entries(raw):
        if kind in _ADDRESSES:
            found.setdefault("management_address", []).extend(_addresses(value))
        elif kind in _TYPES:
            name, decode = _TYPES[kind]
            found.setdefault(name, []).append(decode(value))
    fields = listed({name: [text for text in texts if text] for name, texts in found.items()})
    return fields if "device_id" in fields else {}


def _entries(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, value); here the length counts its own head."""
    position = _HEAD
    for _ in range(MAX_ENTRIES):
        length = int.from_bytes(raw[position + 2 : position + 4])
        if length < 4 or position + length > len(raw):
            return
        yield int.from_bytes(raw[position : position + 2]), raw[position + 4 : position + length]
        position += length


def _addresses(value: bytes) -> Iterator[str]:
    """Yield the IPv4 addresses of the list: each with its protocol's type, length and name, then its own length."""
    position = 4
    for _ in range(min(int.from_bytes(value[:4]), MAX_ENTRIES)):
        kind, size = value[position : position + 1], value[position + 1 : position + 2]
        if not size:
            return
        start = position + 2 + size[0]
        length = int.from_bytes(value[start : start + 2])
        if kind + value[position + 1 : start] == _IPV4 and length == 4:
            yield ipv4(value[start + 2 : start + 6])
        position = start + 2 + length


READERS: dict[str, Callable[[bytes], Fields]] = {"cdp.announcement": read}
