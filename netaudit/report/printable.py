"""Texts for paper: what the fonts at hand cannot show is written out, and endless words may break."""

import re
from functools import lru_cache
from typing import Final

from netaudit.report.visible import clip, visible

BREAK: Final = "\u200b"
"""Zero-width space: a place where a line may break, invisible otherwise."""
MAX_TEXT: Final = 2000
_LONG: Final = re.compile(r"\S{15,}")
_PIECE: Final = 10
# Latin, Greek, Cyrillic, punctuation, arrows and shapes: what the fonts inside typst have. No font of the machine is
# used, so that the same report is the same everywhere.
_SHOWN: Final = re.compile(
    r"[^\n -~\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff"
    r"\u2010-\u2027\u2030-\u205e\u20ac\u2190-\u21ff\u25a0-\u25ff\u2212\u00d7]"
)


@lru_cache(maxsize=1 << 15)
def printable(text: str) -> str:
    """Return the text with characters outside the fonts as [U+4E2D], and long words breakable."""
    if text.isascii() and text.isprintable() and len(text) < 15:
        return text
    shown = _SHOWN.sub(lambda found: f"[U+{ord(found.group()):04X}]", visible(clip(text, MAX_TEXT), lines=True))
    return _LONG.sub(_breakable, shown)


def _breakable(found: re.Match[str]) -> str:
    word = found.group()
    return BREAK.join(word[start : start + _PIECE] for start in range(0, len(word), _PIECE))
