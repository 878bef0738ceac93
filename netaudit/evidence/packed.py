"""Binary replies: fixed layouts as tables, type-length-value lists, and how their values are written as text."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import MAX_TEXT

MAX_ENTRIES: Final = 256

Decoder: TypeAlias = Callable[[bytes], str]
"""Bytes of one value to text; empty where the value says nothing."""


class Slot(NamedTuple):
    """One value at a fixed place: field name, offset, size in bytes, how to read it."""

    name: str
    offset: int
    size: int
    read: Decoder


def read_slots(raw: bytes, slots: Sequence[Slot]) -> dict[str, str]:
    """Read a fixed layout. Values that lie past the end, or say nothing, are left out."""
    found: dict[str, str] = {}
    for name, offset, size, read in slots:
        piece = raw[offset : offset + size]
        if len(piece) == size:
            value = read(piece)
            if value:
                found[name] = value
    return found


def entries(raw: bytes, start: int, tag: int, length: int) -> Iterator[tuple[int, bytes]]:
    """Yield (tag, value) of big-endian type-length-value entries with `tag` and `length` octets of head.

    At most 256; stops at an entry that runs past the end, since what follows cannot be told apart.
    """
    position = start
    for _ in range(MAX_ENTRIES):
        head = position + tag + length
        if head > len(raw):
            return
        end = head + int.from_bytes(raw[position + tag : head], "big")
        if end > len(raw):
            return
        yield int.from_bytes(raw[position : position + tag], "big"), raw[head:end]
        position = end


def chars(piece: bytes) -> str:
    """Text up to the first NUL, at most 4,096 bytes."""
    return decode(piece[:MAX_TEXT].partition(b"\0")[0]).strip()


def mac(piece: bytes) -> str:
    """Six bytes as aa:bb:cc:dd:ee:ff; empty for another size and for all zeros."""
    return piece.hex(":") if len(piece) == 6 and any(piece) else ""


def ipv4(piece: bytes) -> str:
    """Four bytes in network order as a dotted address; empty for another size and for 0.0.0.0."""
    return ".".join(map(str, piece)) if len(piece) == 4 and any(piece) else ""


def ipv6(piece: bytes) -> str:
    """Sixteen bytes as an IPv6 address; empty for another size and for ::."""
    from ipaddress import IPv6Address

    return str(IPv6Address(piece)) if len(piece) == 16 and any(piece) else ""


def number(piece: bytes) -> str:
    """Big-endian number of up to eight bytes as decimal text."""
    return str(int.from_bytes(piece, "big")) if 0 < len(piece) <= 8 else ""


def number_le(piece: bytes) -> str:
    """Little-endian number of up to eight bytes as decimal text."""
    return str(int.from_bytes(piece, "little")) if 0 < len(piece) <= 8 else ""


def dotted(piece: bytes) -> str:
    """Bytes as a.b.c.d, the way versions are packed; empty for all zeros."""
    return ".".join(map(str, piece[:16])) if any(piece) else ""


def dotted_le(piece: bytes) -> str:
    """Like `dotted`, the bytes in reverse order."""
    return dotted(piece[::-1])


def hexed(piece: bytes) -> str:
    """Bytes as hexadecimal text, at most 64 of them."""
    return piece[:64].hex()
