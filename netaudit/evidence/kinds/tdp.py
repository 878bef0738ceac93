"""TP-Link / Tapo / VIGI discovery (UDP 20002): a 16-byte header, then JSON."""

import re
from collections.abc import Callable

from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather
from netaudit.evidence.json_text import below, first_object, flatten

# The owner's account (a hash of it) and the key exchange say nothing about the device.
_PRIVATE = re.compile(rb'("(?:owner|key|data)"\s{0,16}:\s{0,16}")(?:[^"\\]|\\.)*+', re.DOTALL)


def read(raw: bytes) -> Fields:
    """Return the keys of `result`: device_type, device_model, ip, mac, hw_ver ...; nested ones with a dot."""
    result = below(first_object(raw), "result")
    return gather(pair for pair in flatten(result) if pair[1])


def redact(raw: bytes) -> bytes:
    """Empty the owner's account hash and the encrypted part."""
    return _PRIVATE.sub(rb"\1", raw)


READERS: dict[str, Callable[[bytes], Fields]] = {"tdp.reply": read}
REDACTORS: dict[str, Callable[[bytes], bytes]] = {"tdp.reply": redact}
