"""Dahua's first discovery protocol (UDP 5050): three sections, lengths in the first."""

from collections.abc import Callable, Iterator
from typing import Final

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather
from netaudit.evidence.packed import Slot, chars, ipv4, number_le, read_slots

# Layout: UniversalScanner Dahua1.cs, python-dvr DeviceManager.py, DahuaConsole net.py.
_SECTION_1: Final = (
    Slot("HostName", 40, 16, chars),
    Slot("ip", 56, 4, ipv4),
    Slot("mask", 60, 4, ipv4),
    Slot("gateway", 64, 4, ipv4),
    Slot("dns", 68, 4, ipv4),
    Slot("http_port", 94, 2, number_le),
    Slot("https_port", 96, 2, number_le),
    Slot("sdk_port", 98, 2, number_le),
    Slot("max_connections", 100, 2, number_le),
    Slot("ssl_port", 102, 2, number_le),
    Slot("udp_port", 104, 2, number_le),
)
_SECTION_2: Final = 120
_MAC: Final = 17


def read(raw: bytes) -> Fields:
    """Return version, the addresses and ports, mac, model, and the keys of the last section (Name, Device, SerialNo).

    {} for anything but an answer (first byte b3).
    """
    if raw[:1] != b"\xb3" or len(raw) < _SECTION_2:
        return {}
    fields = gather(_keys(raw))
    fields.update(read_slots(raw, _SECTION_1))
    fields["version"] = ".".join(number_le(raw[offset : offset + 2]) for offset in range(32, 40, 2))
    second = raw[_SECTION_2 : _SECTION_2 + raw[2]]
    for name, value in (("mac", chars(second[:_MAC])), ("model", chars(second[_MAC:]))):
        if value:
            fields[name] = value
    return fields


def _keys(raw: bytes) -> Iterator[tuple[str, str]]:
    start = _SECTION_2 + raw[2]
    length = int.from_bytes(raw[20:22], "little")
    for line in decode(raw[start : start + length]).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip("\r\0 "), value.strip("\r\0 ")


READERS: dict[str, Callable[[bytes], Fields]] = {"dahua_legacy.reply": read}
