"""Panasonic / i-PRO discovery (UDP 10669/10670): a 48-byte header, then tagged values up to ffff."""

from collections.abc import Callable
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Decoder, chars, entries, ipv4, ipv6, mac, number

_HEADER: Final = 48
_VERSION: Final = b"\0\1"
_REPLY: Final = b"\0\x0e"
_END: Final = 0xFFFF
_PASSWORD_STATE: Final = {1: "not set", 2: "set"}

# Tags: Easy_IP captures, UniversalScanner Panasonic.cs.
_TAGS: Final[dict[int, tuple[str, Decoder]]] = {
    0x00: ("network_mode", number), 0x20: ("ip", ipv4), 0x21: ("mask", ipv4), 0x22: ("gateway", ipv4),
    0x25: ("http_port", number), 0x40: ("ipv6_link_local", ipv6), 0x41: ("ipv6", ipv6), 0x44: ("https_port", number),
    0xA7: ("model", chars), 0xA8: ("short_model", chars), 0xA9: ("firmware", chars), 0xB4: ("setup_window", number),
    0xC0: ("channels", number), 0xC1: ("capacity", number), 0xD0: ("sales_model", chars), 0xD1: ("serial", chars),
}  # fmt: skip


def read(raw: bytes) -> Fields:
    """Return mac, admin_password (set, not set), ip, mask, gateway, model, firmware, serial ...

    `channels` and `capacity` come from recorders only. {} for anything but a search reply (command 000e).
    """
    if raw[:2] != _VERSION or raw[4:6] != _REPLY or len(raw) < _HEADER:
        return {}
    found = {"mac": mac(raw[6:12]), "admin_password": _PASSWORD_STATE.get(raw[37], "")}
    for tag, value in entries(raw, _HEADER, 2, 2):
        if tag == _END:
            break
        if tag in _TAGS:
            name, decode = _TAGS[tag]
            found.setdefault(name, decode(value))
    return {name: value for name, value in found.items() if value}


READERS: dict[str, Callable[[bytes], Fields]] = {"ipro.reply": read}
