"""Icon hashes, against values computed by other means."""

import base64

from netaudit.evidence import kinds


def murmur3(data: bytes) -> int:
    """MurmurHash3 x86 32 bits with seed 0, signed, written from its public description."""
    value = 0
    whole = len(data) // 4 * 4
    for start in range(0, whole, 4):
        value ^= _scramble(int.from_bytes(data[start : start + 4], "little"))
        value = (_rotated(value, 13) * 5 + 0xE6546B64) & 0xFFFFFFFF
    value ^= _scramble(int.from_bytes(data[whole:], "little")) if len(data) > whole else 0
    value ^= len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        value = (value ^ value >> shift) * factor & 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def _rotated(value: int, by: int) -> int:
    return (value << by | value >> 32 - by) & 0xFFFFFFFF


def _scramble(block: int) -> int:
    return _rotated(block * 0xCC9E2D51 & 0xFFFFFFFF, 15) * 0x1B873593 & 0xFFFFFFFF


def test_known_vector_of_the_reference() -> None:
    assert murmur3(b"foo") == -156908512


def test_hashes_follow_the_common_convention() -> None:
    icon = bytes(range(256)) * 3
    fields = kinds.read("http.favicon", icon)
    assert fields["mmh3"] == str(murmur3(base64.encodebytes(icon)))
    assert kinds.read("http.favicon", b"abc")["md5"] == "900150983cd24fb0d6963f7d28e17f72"
    assert str(kinds.read("http.favicon", b"abc")["sha256"]).startswith("ba7816bf8f01cfea")


def test_no_icon_gives_no_hash() -> None:
    assert kinds.read("http.favicon", b"") == {}
