"""The icon of a web page, as the hashes that public lists use."""

import base64
import hashlib
from collections.abc import Callable

from netaudit.evidence.fields import Fields


def read(raw: bytes) -> Fields:
    """Return mmh3, md5 and sha256 of the icon's bytes; {} for no bytes.

    `mmh3` is the common convention: MurmurHash3, signed 32 bits, of the Base64 text with a line end every 76
    characters and at the end.
    """
    if not raw:
        return {}
    import mmh3

    return {
        "mmh3": str(mmh3.hash(base64.encodebytes(raw))),
        "md5": hashlib.md5(raw, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(raw).hexdigest(),
    }


READERS: dict[str, Callable[[bytes], Fields]] = {"http.favicon": read}
