"""Bytes of a text file to lines: whatever encoding a shell or a spreadsheet wrote, and no line without end."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO, Final

MAX_LINE: Final = 64 * 1024
_CHUNK: Final = 256 * 1024


def decode_text(data: bytes) -> str:
    """Decode a beginning: UTF-16 where a mark says so (PowerShell), UTF-8 where it fits, Windows-1252 otherwise."""
    encoding = _encoding(data)
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(data)


def lines_of(stream: BinaryIO) -> Iterator[str]:
    """Yield lines without their ends, flat in memory. A line of more than 64 KiB comes in pieces."""
    data = stream.read(_CHUNK)
    decoder = codecs.getincrementaldecoder(_encoding(data))(errors="replace")
    rest = ""
    while data:
        rest += decoder.decode(data)
        *whole, rest = rest.split("\n")
        for line in whole:
            yield from _pieces(line.rstrip("\r"))
        if len(rest) > MAX_LINE:
            *long, rest = _pieces(rest)
            yield from long
        data = stream.read(_CHUNK)
    if rest := rest + decoder.decode(b"", final=True):
        yield from _pieces(rest.rstrip("\r"))


def _pieces(line: str) -> Iterator[str]:
    yield line[:MAX_LINE]
    for place in range(MAX_LINE, len(line), MAX_LINE):
        yield line[place : place + MAX_LINE]


def _encoding(data: bytes) -> str:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    try:
        # A character that the end cuts is no fault.
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
