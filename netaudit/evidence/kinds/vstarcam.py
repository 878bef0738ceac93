"""VStarcam / Wanscam discovery (UDP 8600). The reply carries user name and password in clear: they are cut."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Slot, chars, mac, number_le, read_slots

_MAGIC: Final = b"DH\1\x08"
_SECRETS: Final = 236
"""Everything from here on is blanked: the exact place of the credentials differs."""

# Layout from two sources; ports are little-endian on this platform.
_SLOTS: Final = (
    Slot("ip", 0x04, 16, chars),
    Slot("mask", 0x14, 16, chars),
    Slot("gateway", 0x24, 16, chars),
    Slot("dns1", 0x34, 16, chars),
    Slot("dns2", 0x44, 16, chars),
    Slot("mac", 0x54, 6, mac),
    Slot("port", 0x5A, 2, number_le),
    Slot("serial", 0x5C, 32, chars),
    Slot("name", 0x7C, 32, chars),
    Slot("firmware", 0xCC, 32, chars),
)


def read(raw: bytes) -> Fields:
    """Return ip, mask, gateway, dns1, dns2, mac, port, serial, name, firmware; {} for anything but a reply."""
    return read_slots(raw[:_SECRETS], _SLOTS) if raw[:4] == _MAGIC else {}


def redact(raw: bytes) -> bytes:
    """Blank everything behind the firmware text, whatever the magic: nothing there is worth a password."""
    return raw[:_SECRETS] + bytes(len(raw) - _SECRETS) if len(raw) > _SECRETS else raw


READERS: dict[str, Callable[[bytes], Fields]] = {"vstarcam.reply": read}
REDACTORS: dict[str, Callable[[bytes], bytes]] = {"vstarcam.reply": redact}
