"""SADP without IP (EtherType 0x8033): older Hikvision firmware answers whatever its address is (sheet, section 5)."""

import struct
from collections.abc import Sequence
from ipaddress import IPv4Address
from itertools import count
from typing import ClassVar, Final

_ALL: Final = b"\xff" * 6
_ETHERTYPE: Final = b"\x80\x33"
# Marker, request, series, and how long the rest is: the mark of the maker's tool in one source's words.
_HEAD: Final = b"\x21\x02\x01\x42"
_LENGTHS: Final = b"\x06\x04"
_INQUIRY: Final = b"\x03\x00"
_NO_ADDRESS: Final = bytes(4)
# Own IPv6 address (none), then zeros.
_DATA: Final = bytes(16) + bytes(12)
_NUMBERS: Final = count(1)


class SadpLink:
    """Sends operation 03, the inquiry; every other operation that a tool can send changes something."""

    name: ClassVar[str] = "sadp_link"
    version: ClassVar[int] = 1
    repeats: ClassVar[int] = 2

    def frames(self, mac: str, address: str) -> Sequence[bytes]:
        """Return the inquiry from the interface with this MAC and IPv4 address; nothing where either is missing."""
        return [inquiry(mac, address, next(_NUMBERS))] if mac and ":" not in address else ()


def inquiry(mac: str, address: str, number: int) -> bytes:
    """Build the whole frame: 14 bytes of Ethernet, 38 of head, 28 of data."""
    own = bytes.fromhex(mac.replace(":", ""))
    after = own + IPv4Address(address).packed + _ALL + _NO_ADDRESS + _NO_ADDRESS + _DATA
    before = _HEAD + struct.pack(">I", number & 0xFFFFFFFF) + _LENGTHS + _INQUIRY
    return _ALL + own + _ETHERTYPE + before + checksum(before + after) + after


def checksum(message: bytes) -> bytes:
    """Return the checksum as both sources make it: the sum of little-endian words, its bytes the other way round."""
    total = sum(struct.unpack(f"<{len(message) // 2}H", message))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack(">H", ~total & 0xFFFF)


PROBE = SadpLink()
