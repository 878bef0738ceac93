"""Pictures for floor plans, made byte by byte."""

import random
import struct
import zlib


def png(width: int, height: int) -> bytes:
    """A white PNG picture."""
    return _png(width, height, [b"\xff" * width] * height)


def noise(width: int, height: int) -> bytes:
    """A PNG picture that no packing makes small, as a real drawing is."""
    return _png(width, height, [random.Random(row).randbytes(width) for row in range(height)])


def _png(width: int, height: int, grey: list[bytes]) -> bytes:

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + row for row in grey)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
