"""Ubiquiti discovery (UDP 10001): version, command, length, then type-length-value entries."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import listed
from netaudit.evidence.packed import Decoder, chars, entries, hexed, ipv4, mac, number

_HEADS: Final = (b"\1\0", b"\2\6", b"\2\x09", b"\0\0")
_ADDRESS: Final = 0x02

# Types: unifi-discovery, python-ubnt-discovery, UniversalScanner Ubiquiti.cs.
_TYPES: Final[dict[int, tuple[str, Decoder]]] = {
    0x01: ("mac", mac), 0x03: ("firmware", chars), 0x04: ("ip", ipv4), 0x05: ("mac", mac), 0x0A: ("uptime", number),
    0x0B: ("hostname", chars), 0x0C: ("platform", chars), 0x0D: ("essid", chars), 0x10: ("platform_id", hexed),
    0x12: ("sequence", number), 0x13: ("mac", mac), 0x14: ("model", chars), 0x15: ("product", chars),
    0x16: ("version", chars), 0x17: ("factory_default", number), 0x1B: ("controller", chars), 0x20: ("uuid", chars),
}  # fmt: skip


def read(raw: bytes) -> Fields:
    """Return mac and ip (lists where several), firmware, hostname, platform, model, uuid ...; {} for a query."""
    if raw[:2] not in _HEADS or len(raw) < 8:
        return {}
    found: dict[str, list[str]] = {}
    for kind, value in entries(raw, 4, 1, 2):
        if kind == _ADDRESS:
            found.setdefault("mac", []).append(mac(value[:6]))
            found.setdefault("ip", []).append(ipv4(value[6:10]))
        elif kind in _TYPES:
            name, decode = _TYPES[kind]
            found.setdefault(name, []).append(decode(value))
    return listed({name: [value for value in values if value] for name, values in found.items()})


READERS: dict[str, Callable[[bytes], Fields]] = {"ubnt.reply": read}
