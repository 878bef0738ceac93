"""Vivotek discovery (UDP 10000): session byte, magic, then tags; tag 4 alone has no length."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import MAX_ENTRIES, Decoder, chars, ipv4, mac, number_le

_MAGIC: Final = b"\x4a\x5d\x8f\x1c"
_UNSIZED: Final = 4

# Tags: UniversalScanner Vivotek.cs (one source).
_TAGS: Final[dict[int, tuple[str, Decoder]]] = {
    1: ("name", chars), 2: ("mac", mac), 3: ("ip", ipv4), 6: ("http_port", number_le), 8: ("language", chars),
    9: ("model", chars),
}  # fmt: skip


def read(raw: bytes) -> Fields:
    """Return name, mac, ip, http_port, language, model; {} without the magic, or for our own 5-byte query."""
    if raw[1:5] != _MAGIC:
        return {}
    found: dict[str, str] = {}
    position = 5
    for _ in range(MAX_ENTRIES):
        if position + 2 > len(raw):
            break
        tag, size = raw[position], raw[position + 1]
        if tag == _UNSIZED:
            position += 2
            continue
        value = raw[position + 2 : position + 2 + size]
        position += 2 + size
        if tag in _TAGS and len(value) == size:
            name, decode = _TAGS[tag]
            found.setdefault(name, decode(value))
    return {name: value for name, value in found.items() if value}


READERS: dict[str, Callable[[bytes], Fields]] = {"vivotek.reply": read}
