"""Text of unknown origin, made harmless for the eye: what cannot be seen is shown, what is endless is cut.

Escaping for HTML, CSV or JSON is the writers' work; this is about characters that act (terminal escapes, direction
overrides, invisible letters) rather than markup.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

MAX_SHOWN: Final = 2000
"""Longest text shown in one place, in characters. What was cut is in the machine data."""

_CONTROLS: Final = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)  # fmt: skip

# More accents on one letter than any language needs: they would draw over the lines above and below.
_PILE: Final = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4,}")


def visible(text: str, *, lines: bool = False) -> str:
    """Return the text with every control, format, private or unassigned character written out.

    Controls become "[ESC]", others "[U+202E]": plain letters, since few fonts hold the pictures of controls.
    `lines`: line ends stay line ends.
    """
    if text.isascii() and text.isprintable():
        return text
    if lines:
        return "\n".join(_shown(line) for line in text.replace("\r\n", "\n").split("\n"))
    return _shown(text)


def clip(text: str, limit: int = MAX_SHOWN) -> str:
    """Return at most `limit` characters, followed by how many were left off."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… (+{len(text) - limit})"


@lru_cache(maxsize=4096)
def _shown(text: str) -> str:
    piled = _PILE.sub(lambda found: f"{found.group()[:3]}[+{len(found.group()) - 3}]", text)
    return piled if piled.isprintable() else "".join(map(_character, piled))


def _character(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x20:
        return f"[{_CONTROLS[code]}]"
    if code == 0x7F:
        return "[DEL]"
    if unicodedata.category(character) == "Zs":
        return " "
    return f"[U+{code:04X}]"
