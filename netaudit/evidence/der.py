"""A forgiving walk through DER, for certificates that strict parsers refuse: old firmware encodes freely.

Reads, never judges. Lengths that point past the end are cut to what is there.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

from netaudit.evidence.charset import decode

INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OID: Final = 0x06
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

MAX_ITEMS: Final = 256
MAX_OID: Final = 64

_UTF16: Final = 0x1E  # BMPString
_UTF32: Final = 0x1C  # UniversalString


class Item(Struct, frozen=True, gc=False):
    """One element: identifier octet and where its content lies in `data`."""

    data: bytes
    tag: int
    start: int
    end: int

    @property
    def content(self) -> bytes:
        """The content octets."""
        return self.data[self.start : self.end]


def items(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Item]:
    """Yield the elements between two offsets, at most 256; stops at what is no element."""
    return iter(_between(data, start, len(data) if end is None else end))


def inside(item: Item) -> list[Item]:
    """Return the elements inside a constructed element."""
    return _between(item.data, item.start, item.end)


def _between(data: bytes, position: int, last: int) -> list[Item]:
    found: list[Item] = []
    for _ in range(MAX_ITEMS):
        if position + 2 > last:
            break
        length = data[position + 1]
        begin = position + 2
        if length & 0x80:
            octets = length & 0x7F
            if not 1 <= octets <= 4:
                break
            length = int.from_bytes(data[begin : begin + octets], "big")
            begin += octets
        if begin > last:
            break
        stop = begin + length
        if stop > last:
            stop = last
        found.append(Item(data, data[position], begin, stop))
        position = stop
    return found


def oid(item: Item) -> str:
    """Return an object identifier in dotted form; empty where it is none."""
    if item.tag != OID or item.end == item.start or item.end - item.start > MAX_OID:
        return ""
    return _dotted(item.content)


@lru_cache(maxsize=512)
def _dotted(content: bytes) -> str:
    arcs: list[int] = []
    value = 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    if not arcs:
        return ""
    top = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (top, arcs[0] - 40 * top, *arcs[1:]))


def characters(item: Item) -> str:
    """Return a string element as text; #hex for one that is no string type (RFC 4514 writes those so)."""
    if item.tag == _UTF16:
        return item.content.decode("utf-16-be", "replace")
    if item.tag == _UTF32:
        return item.content.decode("utf-32-be", "replace")
    if item.tag in (BIT_STRING, OCTET_STRING):
        return "#" + item.content.hex()
    return decode(item.content)


def bits(item: Item) -> int:
    """Return the size of an INTEGER in bits, leading zeros not counted."""
    return int.from_bytes(item.content, "big").bit_length() if item.tag == INTEGER else 0
