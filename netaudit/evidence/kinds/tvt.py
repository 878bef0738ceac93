"""TVT discovery ("MHED", UDP 23456)."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Slot, chars, dotted_le, ipv4, mac, number_le, read_slots

_ANNOUNCE: Final = b"\2\0"
_PASSWORD: Final = slice(84, 112)

# Layout: ipcprobe PROTOCOL.md and the header of the vendor's kit.
_COMMON: Final = (
    Slot("name", 12, 20, chars),
    Slot("mac", 32, 6, mac),
    Slot("sdk_port", 38, 2, number_le),
    Slot("ip", 40, 4, ipv4),
    Slot("mask", 44, 4, ipv4),
    Slot("gateway", 48, 4, ipv4),
    Slot("software", 52, 4, dotted_le),
    Slot("build_date", 56, 4, number_le),
    Slot("http_port", 60, 2, number_le),
    Slot("rtsp_port", 62, 2, number_le),
    Slot("device_type", 64, 4, number_le),
    Slot("product_type", 68, 4, number_le),
    Slot("kernel", 72, 4, dotted_le),
    Slot("dns1", 112, 4, ipv4),
    Slot("dns2", 116, 4, ipv4),
    Slot("model", 196, 16, chars),
    Slot("manufacturer", 212, 16, chars),
    Slot("channels", 228, 1, number_le),
)
_VERSION_7: Final = (Slot("product", 140, 24, chars), Slot("customer", 164, 24, chars))
_VERSION_8: Final = (Slot("serial", 140, 16, chars), Slot("firmware", 156, 16, chars))


def read(raw: bytes) -> Fields:
    """Return name, mac, the addresses and ports, software, build_date, model, manufacturer, channels ...

    Up to version word 7 also product and customer (the label), from 8 on serial and firmware, which took their
    place. {} for anything but an announcement (command 2).
    """
    if raw[:4] != b"MHED" or raw[8:10] != _ANNOUNCE:
        return {}
    version = int.from_bytes(raw[4:6], "little")
    return {**read_slots(raw, _COMMON), **read_slots(raw, _VERSION_8 if version >= 8 else _VERSION_7)}


def redact(raw: bytes) -> bytes:
    """Blank the place of the administrator's password."""
    if raw[:4] != b"MHED":
        return raw
    return raw[: _PASSWORD.start] + bytes(len(raw[_PASSWORD])) + raw[_PASSWORD.stop :]


READERS: dict[str, Callable[[bytes], Fields]] = {"tvt.reply": read}
REDACTORS: dict[str, Callable[[bytes], bytes]] = {"tvt.reply": redact}
