"""The older capture file: a head, then packets, each with its time and two lengths."""

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

MAX_PACKET: Final = 1 << 18
"""The largest snap length that tcpdump knows; a packet that claims more is damage."""
_CHUNK: Final = 1 << 20
_ORDERS: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 10**6), b"\xa1\xb2\xc3\xd4": (">", 10**6),
    b"\x4d\x3c\xb2\xa1": ("<", 10**9), b"\xa1\xb2\x3c\x4d": (">", 10**9),
}  # fmt: skip


class Captured(NamedTuple):
    """One packet: seconds since 1970, link type, bytes, and how long it was on the wire."""

    at: float
    link: int
    data: bytes
    length: int


def is_pcap(start: bytes) -> bool:
    """True for the first bytes of such a file."""
    return start[:4] in _ORDERS


def read_pcap(stream: BinaryIO, lose: Callable[[str], None]) -> Iterator[Captured]:
    """Yield the packets; a file that is cut or damaged ends early, and `lose` hears why."""
    head = stream.read(24)
    if len(head) < 24 or head[:4] not in _ORDERS:
        lose("the capture ends inside its head")
        return
    order, fraction = _ORDERS[head[:4]]
    unpack = struct.Struct(f"{order}IIII").unpack_from
    link = struct.unpack_from(f"{order}I", head, 20)[0] & 0xFFFF
    buffer, place, left = b"", 0, 0
    while True:
        if left < 16 or left < 16 + unpack(buffer, place)[2]:
            buffer, place = buffer[place:] + stream.read(_CHUNK), 0
            left = len(buffer)
            if left < 16 or left < 16 + min(MAX_PACKET, unpack(buffer, 0)[2]):
                if left:
                    lose("the capture ends in the middle of a packet")
                return
        seconds, parts, size, length = unpack(buffer, place)
        if size > MAX_PACKET:
            lose(f"a packet claims {size} bytes: the capture is damaged there, and what follows cannot be read")
            return
        end = place + 16 + size
        yield Captured(seconds + parts / fraction, link, buffer[place + 16 : end], length)
        left -= end - place
        place = end
