"""GigE Vision discovery (UDP 3956): an acknowledgement of fixed layout."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Slot, chars, ipv4, mac, read_slots

# Status 0 and the answer's own command: a discovery command begins with 42.
_HEAD: Final = b"\0\0\0\3"

# Layout: UniversalScanner GigEVision.cs (one source).
_SLOTS: Final = (
    Slot("mac", 0x12, 6, mac),
    Slot("ip", 0x2C, 4, ipv4),
    Slot("mask", 0x3C, 4, ipv4),
    Slot("vendor", 0x50, 32, chars),
    Slot("model", 0x70, 32, chars),
    Slot("version", 0x90, 32, chars),
)


def read(raw: bytes) -> Fields:
    """Return mac, ip, mask, vendor, model, version; {} for a question and for anything else."""
    return read_slots(raw, _SLOTS) if raw[:4] == _HEAD and len(raw) >= 0xB0 else {}


READERS: dict[str, Callable[[bytes], Fields]] = {"gige_vision.reply": read}
