"""MikroTik neighbour discovery (UDP 5678): network gear, for context."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Decoder, chars, entries, ipv4, mac, number_le

_TYPES: Final[dict[int, tuple[str, Decoder]]] = {
    1: ("mac", mac), 5: ("identity", chars), 7: ("version", chars), 8: ("platform", chars), 10: ("uptime", number_le),
    11: ("software_id", chars), 12: ("board", chars), 16: ("interface", chars), 17: ("ip", ipv4),
}  # fmt: skip


def read(raw: bytes) -> Fields:
    """Return mac, identity, version, platform, uptime (seconds), software_id, board, interface, ip; {} for a query."""
    found: dict[str, str] = {}
    for kind, value in entries(raw, 4, 2, 2):
        if kind in _TYPES:
            name, decode = _TYPES[kind]
            found.setdefault(name, decode(value))
    return {name: value for name, value in found.items() if value}


READERS: dict[str, Callable[[bytes], Fields]] = {"mndp.reply": read}
