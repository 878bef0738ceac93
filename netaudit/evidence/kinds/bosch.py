"""Bosch discovery (UDP 1758): a 32-byte reply, or an XML one."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence import xml
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather
from netaudit.evidence.packed import Slot, ipv4, mac, read_slots

_MAGIC: Final = b"\x99\x39\xa4\x27"
_SIZE: Final = 32

# Layout: UniversalScanner Bosch.cs (one source).
_SLOTS: Final = (
    Slot("mac", 0x08, 6, mac),
    Slot("ip", 0x10, 4, ipv4),
    Slot("mask", 0x14, 4, ipv4),
    Slot("gateway", 0x18, 4, ipv4),
)


def read(raw: bytes) -> Fields:
    """Return mac, ip, mask, gateway, or the XML's own element names; {} for anything else."""
    if raw[:4] == _MAGIC:
        return read_slots(raw, _SLOTS) if len(raw) >= _SIZE else {}
    for device in xml.subtrees(xml.nodes(raw), "device-1-0"):
        return gather(xml.leaves(device))
    return {}


READERS: dict[str, Callable[[bytes], Fields]] = {"bosch.reply": read}
