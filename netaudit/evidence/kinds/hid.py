"""HID's door controllers (UDP 4070): one line of fields between semicolons."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import Fields

_HEAD: Final = b"discovered;"
_LONGEST: Final = 1024
# After the word and the length of the line; the one without a name has no known meaning.
_NAMES: Final = ("mac", "name", "ip", "", "model", "version", "date")


def read(raw: bytes) -> Fields:
    """Return mac, name, ip, model, version, date; {} for a question, or a line whose length is not what it says."""
    if not raw.startswith(_HEAD) or len(raw) > _LONGEST:
        return {}
    _, length, *values = decode(raw).split(";")
    if not (length.isascii() and length.isdigit()) or int(length[:4]) != len(raw) or len(values) < len(_NAMES):
        return {}
    told = zip(_NAMES, (value.strip() for value in values), strict=False)
    return {name: value for name, value in told if name and value}


READERS: dict[str, Callable[[bytes], Fields]] = {"hid.reply": read}
