"""When is an answer complete? Pure and incremental: each byte is looked at once, whatever an enemy drips."""

import re
from typing import Final, Protocol

from netaudit.net.exchange import Framing

_LENGTH: Final = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,12})[ \t]*\r?$", re.I | re.M)
_CHUNKED: Final = re.compile(rb"^transfer-encoding[ \t]*:.*chunked", re.I | re.M)
_STATUS: Final = re.compile(rb"^[A-Z]+/\d\.\d (\d{3})")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
# A chunk-size line is a few digits and perhaps an extension; longer ones are no chunked body.
_CHUNK_LINE: Final = 1024


class Framer(Protocol):
    """Told of every piece as it arrives."""

    def end(self, buffer: bytearray) -> int | None:
        """Length of the first complete message in `buffer` (which only grows), None while it is not complete."""


def framer(framing: Framing) -> Framer:
    """Return a fresh framer for one answer."""
    if framing in ("http", "rtsp"):
        return _Message(body_until_close=framing == "http")
    return _Banner() if framing == "banner" else _Close()


class _Close:
    def end(self, buffer: bytearray) -> int | None:
        return None


class _Banner:
    """A greeting is its first line; what else is already there belongs to it."""

    def end(self, buffer: bytearray) -> int | None:
        return len(buffer) if b"\n" in buffer else None


class _Message:
    def __init__(self, *, body_until_close: bool) -> None:
        self._until_close = body_until_close
        self._searched = 0
        self._end: int | None = None
        self._chunks: _Chunks | None = None
        self._head_seen = False

    def end(self, buffer: bytearray) -> int | None:
        if not self._head_seen:
            self._read_head(buffer)
        if self._chunks is not None:
            return self._chunks.end(buffer)
        return self._end if self._end is not None and len(buffer) >= self._end else None

    def _read_head(self, buffer: bytearray) -> None:
        found = _HEAD_END.search(buffer, max(0, self._searched - 3))
        self._searched = len(buffer)
        if not found:
            return
        self._head_seen = True
        head = bytes(buffer[: found.start()]) + b"\r"
        if _has_no_body(head):
            self._end = found.end()
        elif _CHUNKED.search(head):
            self._chunks = _Chunks(found.end())
        elif length := _LENGTH.search(head):
            self._end = found.end() + int(length.group(1))
        elif not self._until_close:
            self._end = found.end()


class _Chunks:
    """Walks the chunk sizes of a chunked body."""

    def __init__(self, start: int) -> None:
        self._at = start
        self._searched = start
        self._trailer = False

    def end(self, buffer: bytearray) -> int | None:
        while self._at <= len(buffer):
            line_end = buffer.find(b"\n", max(self._at, self._searched))
            if line_end < 0:
                self._searched = len(buffer)
                return len(buffer) if len(buffer) - self._at > _CHUNK_LINE else None
            line = bytes(buffer[self._at : line_end]).strip()
            if self._trailer:
                if not line:
                    return line_end + 1
                self._at = line_end + 1
            elif not self._take_size(line, line_end):
                return line_end + 1
        return None

    def _take_size(self, line: bytes, line_end: int) -> bool:
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return False
        if size < 0:
            return False
        self._trailer = size == 0
        # CR LF follows the data of every chunk but the empty last one.
        self._at = line_end + 1 + size + (2 if size else 0)
        return True


def _has_no_body(head: bytes) -> bool:
    status = _STATUS.match(head)
    return status is not None and (status.group(1) in (b"204", b"304") or status.group(1).startswith(b"1"))
