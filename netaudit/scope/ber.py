"""BER elements as the gate takes them apart: strictly, so that nothing hides behind what it read. Pure."""

from collections.abc import Iterator
from typing import Final

WRONG: Final = -1
"""The tag that stands for a rest which is no element."""
_LONGEST_OID: Final = 128


def parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (tag, value) of the elements side by side; (WRONG, b"") where the rest is none, so that nothing hides."""
    position = 0
    while position < len(data):
        head = data[position + 1 : position + 2]
        length, start = (head[0], position + 2) if head else (0x80, position)
        if 0x81 <= length <= 0x82:
            size = length - 0x80
            length, start = int.from_bytes(data[start : start + size]), start + size
        elif length >= 0x80:
            yield WRONG, b""
            return
        if start + length > len(data):
            yield WRONG, b""
            return
        yield data[position], data[start : start + length]
        position = start + length


def only(data: bytes, tag: int) -> bytes | None:
    """Return the value of the one element that `data` is, None where it is another or more than one."""
    found = list(parts(data))
    return found[0][1] if len(found) == 1 and found[0][0] == tag else None


def inside(data: bytes, *tags: int) -> list[bytes] | None:
    """Return the values of elements with exactly these tags, None where `data` is anything else."""
    found = list(parts(data))
    return [value for _, value in found] if [tag for tag, _ in found] == list(tags) else None


def dotted(encoded: bytes) -> str:
    """Return an object identifier as text; "" for one that is too long or does not end."""
    if not encoded or len(encoded) > _LONGEST_OID or encoded[-1] & 0x80:
        return ""
    numbers, number = [encoded[0] // 40, encoded[0] % 40], 0
    for octet in encoded[1:]:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(number)
            number = 0
    return ".".join(map(str, numbers))
