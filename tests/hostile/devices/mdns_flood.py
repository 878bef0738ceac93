"""Answers every mDNS query with 100,000 records, with names that point in circles, and with counts that lie."""

import struct
from collections.abc import Iterator

from tests.hostile.serve import udp

_RECORDS = 100_000
_A_DATAGRAM = 1_000


def _name(text: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def _datagram(first: int) -> bytes:
    owner, records = _name("_axis-video._tcp.local"), []
    for number in range(first, first + _A_DATAGRAM):
        data = bytes([15]) + b"unit%011d" % number + b"\xc0\x0c"
        records.append(b"\xc0\x0c" + struct.pack("!HHIH", 12, 1, 120, len(data)) + data)
    head = struct.pack("!6H", 0, 0x8400, 0, _A_DATAGRAM, 0, 0)
    return head + owner + struct.pack("!HHIH", 12, 1, 120, 2) + b"\xc0\x0c" + b"".join(records[1:])


def _flood(_: bytes) -> Iterator[bytes]:
    yield struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0) + b"\xc0\x0c" + struct.pack("!HHIH", 12, 1, 120, 2) + b"\xc0\x0c"
    yield struct.pack("!6H", 0, 0x8400, 65535, 65535, 65535, 65535)
    for first in range(0, _RECORDS, _A_DATAGRAM):
        yield _datagram(first)


async def serve(ip: str) -> None:
    """The flood, for who asks the group and for who asks this address."""
    await udp(ip, 5353, _flood, "224.0.0.251")
