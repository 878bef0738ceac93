"""Hanwha / Samsung discovery (UDP 7711)."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Slot, chars, read_slots

# Layout: UniversalScanner Hanwha.cs (one source).
_SLOTS: Final = (
    Slot("mac", 0x13, 18, chars),
    Slot("ip", 0x25, 16, chars),
    Slot("mask", 0x35, 16, chars),
    Slot("gateway", 0x45, 16, chars),
    Slot("model", 0x6D, 10, chars),
    Slot("url", 0x85, 39, chars),
)


def read(raw: bytes) -> Fields:
    """Return mac, ip, mask, gateway, model, url; {} for anything but a reply (first byte 0b)."""
    return read_slots(raw, _SLOTS) if raw[:1] == b"\x0b" else {}


READERS: dict[str, Callable[[bytes], Fields]] = {"hanwha.reply": read}
