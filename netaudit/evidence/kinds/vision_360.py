"""360Vision discovery (UDP 3600): one line of KEY=VALUE words."""

import re
from collections.abc import Callable
from typing import Final

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather

_LONGEST: Final = 2048
_WORD: Final = re.compile(r"([A-Z][A-Z0-9_]{0,31})=(?:'([^']{0,256})'|(\S{1,256}))")


def read(raw: bytes) -> Fields:
    """Return TYPE, KEY (the MAC), ID ... as they stand, and mac; {} for the question itself."""
    if not raw.startswith(b"DISCOVER "):
        return {}
    fields = dict(gather((found[1], found[2] or found[3] or "") for found in _WORD.finditer(decode(raw[:_LONGEST]))))
    key = fields.get("KEY", "")
    return fields | ({"mac": key} if isinstance(key, str) and key else {}) if "TYPE" in fields else {}


READERS: dict[str, Callable[[bytes], Fields]] = {"vision_360.reply": read}
