"""Width and height of a picture from its header: PNG (IHDR) and JPEG (its frame header). Never decodes pixels."""

import struct
from typing import Final

LARGEST: Final = 20_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
# SOF0..SOF15 but the three that are something else (DHT, JPG, DAC): ITU T.81, table B.1.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return (width, height) in pixels, None where the bytes are no PNG or JPEG of a sane size."""
    size = _png(data) if data.startswith(_PNG) else _jpeg(data) if data.startswith(b"\xff\xd8") else None
    return size if size and 0 < size[0] <= LARGEST and 0 < size[1] <= LARGEST else None


def _png(data: bytes) -> tuple[int, int] | None:
    if len(data) < 24 or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 1 if marker == 0xFF else 2 + max(length, 2)
    return None
