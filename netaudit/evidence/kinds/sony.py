"""Sony discovery (UDP 2380, 52380): KEY:VALUE texts between 02 and 03, separated by ff."""

from collections.abc import Callable

from netaudit.evidence.charset import decode
from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather


def read(raw: bytes) -> Fields:
    """Return the keys as they stand (MAC, MODEL, SERIAL, SOFTVERSION ...); {} for an enquiry, which is no answer."""
    if raw[:1] != b"\2":
        return {}
    texts = (decode(part).partition(":") for part in raw[1:8192].partition(b"\3")[0].split(b"\xff"))
    fields = gather((key.strip(), value.strip()) for key, colon, value in texts if colon)
    return {} if "ENQ" in fields else fields


READERS: dict[str, Callable[[bytes], Fields]] = {"sony.reply": read}
