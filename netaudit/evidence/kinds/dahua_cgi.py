"""System information of the magicBox interface (Dahua platform): lines of key=value, read with the owner's login."""

import re
from collections.abc import Callable

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather

_KEY = re.compile(r"[\w.\[\]-]{1,128}")


def read(raw: bytes) -> Fields:
    """Return the keys as they stand; lines that are not key=value are left out (headers, error texts)."""
    pairs = (line.partition("=") for line in decode(raw[:65536]).split("\n"))
    return gather(
        (key.strip(), value.strip()) for key, equals, value in pairs if equals and _KEY.fullmatch(key.strip())
    )


READERS: dict[str, Callable[[bytes], Fields]] = {"dahua_cgi.system_info": read}
