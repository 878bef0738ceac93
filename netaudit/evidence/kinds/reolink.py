"""Reolink's answer to the local ping (388 bytes, UDP 3000)."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Slot, chars, mac, number, read_slots

_ECHO: Final = b"\xaa\xaa\x00\x00"

# Layout: ha_reolink_discovery core.py, reolink-cli.
_SLOTS: Final = (
    Slot("flags", 50, 1, number),
    Slot("identifier", 58, 18, chars),
    Slot("mac", 80, 6, mac),
    Slot("ip", 108, 16, chars),
    Slot("name", 132, 32, chars),
    Slot("uid", 228, 16, chars),
)


def read(raw: bytes) -> Fields:
    """Return flags (1 camera, 2 recorder), identifier, mac, ip, name, uid; {} without the echo of our query."""
    return read_slots(raw, _SLOTS) if raw[104:108] == _ECHO else {}


READERS: dict[str, Callable[[bytes], Fields]] = {"reolink.reply": read}
