"""The announcement of Microchip's network library (UDP 30303): lines of text."""

import re
from collections.abc import Callable
from typing import Final

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import Fields

_LONGEST: Final = 1024
_MAC: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_NAMES: Final = ("name", "mac", "port", "model")


def read(raw: bytes) -> Fields:
    """Return name, mac, and port and model where they are told; {} where the second line is no MAC."""
    if len(raw) > _LONGEST:
        return {}
    lines = [line.strip() for line in decode(raw).splitlines()]
    if len(lines) < 2 or not _MAC.fullmatch(lines[1]):
        return {}
    return {name: line for name, line in zip(_NAMES, lines, strict=False) if line}


READERS: dict[str, Callable[[bytes], Fields]] = {"microchip.reply": read}
