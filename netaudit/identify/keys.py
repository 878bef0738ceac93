"""The keys by which two observations are known to be of one device: serial, ONVIF endpoint, MAC."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from netaudit.identify.oui import is_unicast_global, normal_mac
from netaudit.identify.resolve import EMPTY_WORDS
from netaudit.identify.words import plain

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_COUNTED: Final = "0123456789" * 4
_FILLED: Final = re.compile(r"(.)\1*|(?:sn|no)?0+1?")
_SHORTEST_SERIAL: Final = 6
MAC_FIELDS: Final = ("mac", "MAC", "Mac", "macAddress", "MACAddress", "HwAddress", "scope.mac", "scope.macaddr",
                      "txt.macaddress", "macaddr")  # fmt: skip
SERIAL_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "onvif.device_information": ("SerialNumber",),
    "isapi.device_info": ("serialNumber",),
    "dahua_cgi.system_info": ("serialNumber", "SerialNo"),
    "sadp.reply": ("DeviceSN",),
    "sadp.frame": ("DeviceSN",),
    "dhip.reply": ("SerialNo",),
    "dahua_legacy.reply": ("SerialNo",),
    "upnp.description": ("serialNumber",),
    "recorder.channel": ("serial",),
    "ipro.reply": ("serial",),
    "foscam.reply": ("serial",),
    "tvt.reply": ("serial",),
    "vstarcam.reply": ("serial",),
    "sony.reply": ("SERIAL",),
    "table.asset": ("serial",),
}
_NO_UNIT: Final = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})
NOT_OF_TARGET: Final = frozenset({"recorder.channel", "switch.port", "table.mac"})
"""Kinds whose target is the device that reports, not the one that is reported."""


class Key(NamedTuple):
    """One key: `type` serial, endpoint or mac; `value` normalised."""

    type: str
    value: str


def macs_of(texts: list[str], linked: object) -> tuple[str, ...]:
    """Return the normalised MACs among the texts, and the one on the link; all-zero ones left out."""
    if isinstance(linked, str):
        texts = [*texts, linked]
    found = [mac for text in texts if (mac := normal_mac(text)) and mac not in _NO_UNIT]
    return tuple(found if len(found) < 2 else dict.fromkeys(found))


def keys_of(serials: Sequence[str], endpoints: Sequence[str], macs: tuple[str, ...]) -> tuple[Key, ...]:
    """Return the keys that may join an observation to others: default values and private MACs are none."""
    keys = [Key("mac", mac) for mac in macs if is_unicast_global(mac)]
    if serials or endpoints:
        told = dict.fromkeys(serials)  # a field and the signatures on it tell the same one
        others = [Key("serial", serial) for text in told if (serial := good_serial(text))]
        keys = [*others, *[Key("endpoint", uuid) for text in endpoints if (uuid := endpoint(text))], *keys]
    return tuple(dict.fromkeys(keys)) if len(keys) > 1 else tuple(keys)


def good_serial(text: str) -> str:
    """Return a serial normalised, "" when it is blank, a default or too short to tell two units apart."""
    serial = plain(text)
    if len(serial) < _SHORTEST_SERIAL or serial in EMPTY_WORDS or serial in _COUNTED or _FILLED.fullmatch(serial):
        return ""
    return serial


def endpoint(text: str) -> str:
    """Return the UUID of an ONVIF endpoint, "" where there is none or it is all zeros."""
    found = _UUID.search(text[:256].lower())
    return found[0] if found and len(set(found[0])) > 2 else ""
