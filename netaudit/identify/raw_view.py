"""Untrusted bytes made visible: text with every control character escaped, or a hex dump."""

from collections.abc import Iterator
from typing import Final

_ROW: Final = 16
_SHOWN_BYTES: Final = 2048
_SHOWN_LINES: Final = 24
_SHOWN_WIDTH: Final = 160


def visible(text: str, limit: int = _SHOWN_WIDTH) -> str:
    """Return one line of text: what cannot be printed, also invisible and right-to-left marks, as \\x, \\u escapes."""
    cut = text[:limit]
    shown = "".join(c if c.isprintable() and c != "\\" else _escaped(c) for c in cut)
    return shown + (f"... ({len(text)} characters)" if len(text) > limit else "")


def raw_lines(raw: bytes) -> list[str]:
    """Return raw bytes as lines: text where it is text, a hex dump otherwise; cut with a note of what is left out."""
    part = raw[:_SHOWN_BYTES]
    lines = list(_text_lines(part) if _is_text(part) else hex_dump(part))
    left = len(raw) - len(part)
    if len(lines) > _SHOWN_LINES or left:
        lines = [*lines[:_SHOWN_LINES], f"... ({len(raw)} bytes in all, SHA-256 in the log)"]
    return lines


def hex_dump(raw: bytes) -> Iterator[str]:
    """Yield rows of a hex dump: offset, sixteen bytes, their printable ASCII."""
    for offset in range(0, len(raw), _ROW):
        row = raw[offset : offset + _ROW]
        ascii_ = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        yield f"{offset:04x}  {row.hex(' '):<{3 * _ROW - 1}}  {ascii_}"


def _is_text(raw: bytes) -> bool:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(raw) - 3:
            return False
        text = raw[: error.start].decode("utf-8")
    odd = sum(not (c.isprintable() or c in "\r\n\t") for c in text)
    return odd * 20 <= len(text)


def _text_lines(raw: bytes) -> Iterator[str]:
    for line in raw.decode("utf-8", "replace").split("\n"):
        yield visible(line.rstrip("\r"))


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
