"""Pictures of floor plans: PNG and JPEG, known by their content and size, not by their name. Nothing is decoded."""

import struct
from dataclasses import dataclass
from typing import Final

from netaudit.errors import DataError

MAX_BYTES: Final = 10 * 1024 * 1024
_MOST_PIXELS: Final = 20_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
# Start of a frame, any kind; C4, C8 and CC are tables.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Picture:
    """`kind`: "png" or "jpeg"; size in pixels."""

    kind: str
    width: int
    height: int


def look_at(raw: bytes, name: str) -> Picture:
    """Return what the bytes are. Raises DataError for anything but a PNG or JPEG of a sensible size."""
    if len(raw) > MAX_BYTES:
        raise DataError(name, f"is {len(raw)} bytes long", f"at most {MAX_BYTES} bytes: save the plan smaller")
    size = _png_size(raw) if raw.startswith(_PNG) else _jpeg_size(raw) if raw.startswith(b"\xff\xd8\xff") else None
    if size is None:
        raise DataError(name, "is no PNG or JPEG picture", "a floor plan saved as PNG or JPEG")
    width, height = size
    if not (0 < width <= _MOST_PIXELS and 0 < height <= _MOST_PIXELS):
        raise DataError(name, f"is {width} by {height} pixels", f"1 to {_MOST_PIXELS} each way")
    return Picture("png" if raw.startswith(_PNG) else "jpeg", width, height)


def _png_size(raw: bytes) -> tuple[int, int] | None:
    if len(raw) < 33 or raw[12:16] != b"IHDR" or b"IEND" not in raw[-16:]:
        return None
    width, height = struct.unpack(">II", raw[16:24])
    return int(width), int(height)


def _jpeg_size(raw: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(raw):
        if raw[at] != 0xFF:
            return None
        marker = raw[at + 1]
        if marker in _BARE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", raw[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return None
