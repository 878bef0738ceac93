"""XiongMai discovery (UDP 34569): a 20-byte header, then JSON with addresses as hexadecimal numbers."""

import re
from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.gather import gather
from netaudit.evidence.json_text import below, first_object, flatten, scalar

_HEADER: Final = 20
_REPLY: Final = b"\xfb\x05"  # message 1531
_ADDRESSES: Final = ("HostIP", "GateWay", "Submask")
_HEX = re.compile(r"0x([0-9A-Fa-f]{8})")


def read(raw: bytes) -> Fields:
    """Return the keys of NetWork.NetCommon and Ret. Addresses are written dotted (0x6D0BA8C0 is 192.168.11.109).

    {} for anything but message 1531.
    """
    if raw[:1] != b"\xff" or raw[14:16] != _REPLY:
        return {}
    message = first_object(raw, _HEADER)
    fields = gather(flatten(below(message, "NetWork.NetCommon")))
    if "Ret" in message:
        fields["Ret"] = scalar(message["Ret"])
    for name in _ADDRESSES:
        written = fields.get(name)
        match = _HEX.fullmatch(written) if isinstance(written, str) else None
        if match:
            fields[name] = ".".join(str(octet) for octet in reversed(bytes.fromhex(match[1])))
    return fields


READERS: dict[str, Callable[[bytes], Fields]] = {"xm.reply": read}
