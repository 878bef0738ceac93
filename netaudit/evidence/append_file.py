"""A file that only grows, line by line, and is whole after any crash."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from netaudit.errors import UsageError

# After this many lines the file is forced to the disk: bounds what a power cut (not a kill) can take.
_SYNC_EVERY: Final = 512


class AppendFile:
    """One writer at a time; opening cuts a torn line off the end. Raises UsageError when another run writes to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            raise UsageError(f"{path} is being written by another run: wait for it, or choose another --out") from error
        self._size = _whole_size(self._descriptor)
        os.ftruncate(self._descriptor, self._size)
        self._unsynced = 0

    def append(self, line: bytes) -> None:
        """Write one line (without its line end). Raises OSError, with the file as before, when it cannot."""
        data = line + b"\n"
        try:
            written = os.write(self._descriptor, data)
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
        except OSError:
            os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)
        self._unsynced += 1
        if self._unsynced >= _SYNC_EVERY:
            self._sync()

    def close(self) -> None:
        """Force to the disk, close, and let the next writer in."""
        if self._descriptor >= 0:
            self._sync()
            os.close(self._descriptor)
            self._descriptor = -1

    def _sync(self) -> None:
        os.fdatasync(self._descriptor)
        self._unsynced = 0


def whole_lines(path: Path) -> Iterator[bytes]:
    """Yield the finished lines of a file without their line ends; a torn last line is left out."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line[:-1]


def _whole_size(descriptor: int) -> int:
    """Size up to and including the last line end, found from the back."""
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - 65536)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
