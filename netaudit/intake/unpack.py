"""Packed files, opened as a stream with a cap: what unfolds without end is a bomb, and is cut."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from netaudit.errors import DataError

MOST_TIMES: Final = 200
"""Tables and XML shrink 10 to 40 times; a bomb a thousand times."""
ALWAYS: Final = 64 * 1024 * 1024
"""So much is unpacked whatever the file's size."""
_OPENERS: Final[tuple[tuple[bytes, Callable[[IO[bytes]], Any]], ...]] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\0", lzma.open),
)
_BROKEN: Final = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)


class Unpacked(io.RawIOBase):
    """A stream that ends where the packed file breaks off or unfolds too far. `why`: what ended it, "" a clean end."""

    def __init__(self, path: Path, progress: Callable[[int], None] | None = None) -> None:
        self._file = path.open("rb")
        self._progress = progress
        self._left = max(ALWAYS, MOST_TIMES * path.stat().st_size)
        self._packed = opener(self._file.peek(6)[:6])
        self._stream: Any = self._packed(self._file) if self._packed else self._file
        self.why = ""

    def readable(self) -> bool:
        """Streams can be read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # any writable buffer
        """Read the next bytes; 0 at the end, whatever kind of end it is."""
        if self.why:
            return 0
        try:
            # Of a packed stream one step at a time: what an error ends would be lost with all that was read before it.
            data = self._stream.read1(len(buffer)) if self._packed else self._stream.read(len(buffer))
        except _BROKEN as error:
            self.why = f"the packed file breaks off or is damaged ({error})"
            return 0
        if self._packed:
            self._left -= len(data)
            if self._left < 0:
                self.why = f"it unfolds to more than {MOST_TIMES} times its size: cut there"
                return 0
        if self._progress:
            self._progress(self._file.tell())
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def opener(start: bytes) -> Callable[[IO[bytes]], Any] | None:
    """Return what opens a file with these first bytes, None for one that is not packed. Raises DataError for zip."""
    if start.startswith(b"PK\x03\x04"):
        raise DataError("the file", "is a zip archive", "the files in it: unpack it first")
    return next((way for mark, way in _OPENERS if start.startswith(mark)), None)


def stream_of(path: Path, progress: Callable[[int], None] | None = None) -> tuple[BinaryIO, Unpacked]:
    """Open a file, packed (gz, bz2, xz) or not; return a buffered stream and what knows how it ended."""
    raw = Unpacked(path, progress)
    return io.BufferedReader(raw, 1 << 20), raw
