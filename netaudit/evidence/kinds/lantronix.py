"""Lantronix serial servers (UDP 30718): 30 bytes, the MAC last."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import mac

_HEAD: Final = b"\0\0\0\xf7"
_LENGTH: Final = 30


def read(raw: bytes) -> Fields:
    """Return mac; {} for a question, or an answer of another length."""
    found = mac(raw[-6:]) if raw.startswith(_HEAD) and len(raw) == _LENGTH else ""
    return {"mac": found} if found else {}


READERS: dict[str, Callable[[bytes], Fields]] = {"lantronix.reply": read}
