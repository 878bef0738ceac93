"""BER, as much of it as SNMP needs: building GET requests, taking messages apart. Pure; never raises while reading."""

from collections.abc import Iterator
from typing import Final, NamedTuple

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
GET_REQUEST, RESPONSE = 0xA0, 0xA2
MAX_PARTS: Final = 64
_LONGEST_OID: Final = 128


class Part(NamedTuple):
    """One element: tag, value, and where the value stands in what was read."""

    tag: int
    value: bytes
    start: int


def parts(data: bytes) -> Iterator[Part]:
    """Yield the elements that stand side by side, at most 64; stops at one that runs past the end."""
    position = 0
    for _ in range(MAX_PARTS):
        if position + 2 > len(data):
            return
        length, start = data[position + 1], position + 2
        if length & 0x80:
            size = length & 0x7F
            if not 0 < size <= 4:
                return
            length, start = int.from_bytes(data[start : start + size]), start + size
        if start + length > len(data):
            return
        yield Part(data[position], data[start : start + length], start)
        position = start + length


def element(tag: int, value: bytes) -> bytes:
    """Build one element; at most 65,535 bytes of value."""
    size = len(value)
    if size < 0x80:
        return bytes([tag, size]) + value
    return bytes([tag]) + (bytes([0x81, size]) if size < 0x100 else b"\x82" + size.to_bytes(2)) + value


def oid(dotted: str) -> bytes:
    """Build an object identifier from its text. Raises ValueError for what is none."""
    first, second, *rest = map(int, dotted.split("."))
    return element(OID, bytes([40 * first + second]) + b"".join(map(_base_128, rest)))


def dotted(value: bytes) -> str:
    """Return an object identifier's value as text; "" for one that is too long or does not end."""
    if not value or len(value) > _LONGEST_OID or value[-1] & 0x80:
        return ""
    numbers, number = [value[0] // 40, value[0] % 40], 0
    for octet in value[1:]:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(number)
            number = 0
    return ".".join(map(str, numbers))


def _base_128(number: int) -> bytes:
    octets = [number & 0x7F]
    while number := number >> 7:
        octets.append(0x80 | number & 0x7F)
    return bytes(reversed(octets))
