"""SADP on layer 2 (EtherType 0x8033): what Hikvision's older firmware announces and answers without any IP."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Slot, chars, ipv4, mac, number, read_slots

ONLINE, INQUIRY, RESPONSE = 0x02, 0x03, 0x04

_MARK: Final = 0x21
_LENGTHS: Final = b"\6\4"
_HEAD: Final = 38
_TOLD: Final = _HEAD + 208
_TOLD_BY_DEVICES: Final = frozenset({ONLINE, RESPONSE})

# Layout: a device's own side (LLLL-M/privateCodeforItsc, sadp.h); MatrixEditor/hiktools agrees on the head. Numbers
# are in network order, texts padded with NUL.
_SLOTS: Final = (
    Slot("MAC", 14, 6, mac),
    Slot("IPv4Address", 20, 4, ipv4),
    Slot("IPv4SubnetMask", 34, 4, ipv4),
    Slot("DeviceSN", _HEAD, 48, chars),
    Slot("DeviceType", _HEAD + 48, 4, number),
    Slot("CommandPort", _HEAD + 52, 4, number),
    Slot("AnalogChannelNum", _HEAD + 56, 4, number),
    Slot("DiskNumber", _HEAD + 60, 4, number),
    Slot("SoftwareVersion", _HEAD + 64, 48, chars),
    Slot("DSPVersion", _HEAD + 112, 48, chars),
    Slot("BootTime", _HEAD + 160, 48, chars),
    # Version 2.0 of the answer only.
    Slot("IPv4Gateway", _TOLD, 4, ipv4),
    Slot("DHCP", _TOLD + 38, 1, number),
    Slot("HttpPort", _TOLD + 68, 2, number),
    Slot("DigitalChannelNum", _TOLD + 70, 2, number),
    Slot("OEMCode", _TOLD + 72, 1, number),
    Slot("DeviceDescription", _TOLD + 104, 24, chars),
    Slot("OEMInfo", _TOLD + 128, 24, chars),
)


def read(raw: bytes) -> Fields:
    """Return MAC, IPv4Address, DeviceSN, SoftwareVersion ... as SADP over UDP calls them; `operation`: online, answer.

    `raw`: what follows the EtherType. {} for inquiries, and for commands, which only tools send.
    """
    if len(raw) < _HEAD or raw[0] != _MARK or raw[8:10] != _LENGTHS or raw[10] not in _TOLD_BY_DEVICES:
        return {}
    return {"operation": "online" if raw[10] == ONLINE else "answer", **read_slots(raw, _SLOTS)}


READERS: dict[str, Callable[[bytes], Fields]] = {"sadp.frame": read}
