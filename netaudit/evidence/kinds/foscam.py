"""Foscam discovery (UDP 10000, "MO_I"); some firmware hides the payload under an 8-byte key that it sends along."""

from collections.abc import Callable
from itertools import cycle
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Slot, chars, dotted, ipv4, number, read_slots

_PAYLOAD: Final = 0x17
_REPLY: Final = 1

# Layout from two sources; the byte order of the port is taken to be that of the addresses.
_SLOTS: Final = (
    Slot("serial", 0x17, 13, chars),
    Slot("name", 0x24, 21, chars),
    Slot("ip", 0x39, 4, ipv4),
    Slot("mask", 0x3D, 4, ipv4),
    Slot("gateway", 0x41, 4, ipv4),
    Slot("dns", 0x45, 4, ipv4),
    Slot("type", 0x49, 1, number),
    Slot("firmware", 0x4D, 4, dotted),
    Slot("web_firmware", 0x51, 4, dotted),
    Slot("port", 0x55, 2, number),
)


def read(raw: bytes) -> Fields:
    """Return serial (the MAC's digits), name, ip, mask, gateway, dns, type, firmware, web_firmware, port.

    {} for anything but a reply (type 1).
    """
    if raw[:4] != b"MO_I" or len(raw) <= _PAYLOAD or raw[4] != _REPLY:
        return {}
    if raw[6]:
        hidden = raw[_PAYLOAD : _PAYLOAD + 256]
        raw = raw[:_PAYLOAD] + bytes(octet ^ key for octet, key in zip(hidden, cycle(raw[7:15]), strict=False))
    return read_slots(raw, _SLOTS)


READERS: dict[str, Callable[[bytes], Fields]] = {"foscam.reply": read}
