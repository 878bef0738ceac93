"""Request templates of the allow-list: hexadecimal with wild bytes, text with named wildcards, as one pattern."""

import re
from collections.abc import Mapping
from typing import Final

_BYTE: Final = re.compile(r"([0-9a-fA-F]{2}|\?\?)(?:\*(\d{1,4}))?")
_NAME: Final = re.compile(r"\{([a-z_]+)\}")


def compile_template(
    hexadecimal: str, text: str, wildcards: Mapping[str, str], fragments: Mapping[str, str]
) -> re.Pattern[bytes]:
    """Return a pattern for the whole request: `hexadecimal`, then `text`. Braces that name nothing known are literal.

    Raises ValueError for what is no template, and for one that describes nothing.
    """
    if not hexadecimal and not text:
        raise ValueError("neither hex nor text")
    pattern = _hexadecimal(hexadecimal) + _text(_spread(text, fragments), wildcards)
    return re.compile(pattern.encode("latin-1"), re.DOTALL)


def _hexadecimal(written: str) -> str:
    return "".join(map(_byte, written.split()))


def _byte(written: str) -> str:
    found = _BYTE.fullmatch(written)
    if not found:
        raise ValueError(f"{written!r} is no byte: two hexadecimal digits or ??, and *N for N times")
    one = "." if found[1] == "??" else f"\\x{found[1].lower()}"
    return one + (f"{{{int(found[2])}}}" if found[2] else "")


def _spread(text: str, fragments: Mapping[str, str]) -> str:
    """Put the fragments in; they may hold wildcards, not other fragments."""
    return _NAME.sub(lambda name: fragments.get(name[1], name[0]), text)


def _text(text: str, wildcards: Mapping[str, str]) -> str:
    # Pieces stand at even places, names between them.
    pieces = _NAME.split(text)
    return "".join(
        re.escape(piece) if place % 2 == 0 else wildcards.get(piece, re.escape("{" + piece + "}"))
        for place, piece in enumerate(pieces)
    )
