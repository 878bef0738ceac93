"""Which reader may take a datagram that was not asked for: by its ports, or by marks that nothing else has."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from netaudit.evidence import kinds

PORTS: Final[dict[int, tuple[str, ...]]] = {
    67: ("dhcp.lease",), 68: ("dhcp.lease",), 161: ("snmp.system",), 1757: ("bosch.reply",), 1758: ("bosch.reply",),
    1900: ("ssdp.reply",), 2000: ("reolink.reply",), 2380: ("sony.reply",), 3000: ("reolink.reply",),
    3600: ("vision_360.reply",), 3702: ("wsd.probe_match",), 3956: ("gige_vision.reply",), 4070: ("hid.reply",),
    5050: ("dahua_legacy.reply",), 5353: ("mdns.service",), 5678: ("mndp.reply",),
    7701: ("hanwha.reply",), 7711: ("hanwha.reply",), 8600: ("vstarcam.reply",),
    10000: ("foscam.reply", "vivotek.reply"), 10001: ("ubnt.reply",), 10669: ("ipro.reply",), 10670: ("ipro.reply",),
    20002: ("tdp.reply",), 20004: ("tdp.reply",), 23456: ("tvt.reply",), 30303: ("microchip.reply",),
    30718: ("lantronix.reply",), 34569: ("xm.reply",),
    37020: ("sadp.reply",), 37810: ("dhip.reply",), 52380: ("sony.reply",),
}  # fmt: skip
"""UDP port, of either side, to the kinds of answer that are heard there."""

# What answers from and to passing ports is known by its look: (kind, look).
_MARKS: Final[tuple[tuple[str, Callable[[bytes], object]], ...]] = (
    ("dhip.reply", lambda payload: payload[4:8] == b"DHIP"),
    ("ssdp.reply", re.compile(rb"HTTP/1\.[01] 200 (?:[^\r\n]|\r\n(?!\r\n)){0,2000}?\r\nST:", re.IGNORECASE).match),
    ("wsd.probe_match", re.compile(rb"\s*<[^\0]{0,4000}/ws/2005/04/discovery|ws-dd/ns/discovery/2009").match),
    ("sadp.reply", re.compile(rb"[^<]{0,64}(?:<\?[^>]{0,80}\?>\s*)?<(?:ProbeMatch|Hello)>").match),
)

# SADP and DHIP carry, on the same port, what must never be kept: answers to others' commands, with codes to reset a
# password, and the commands themselves, with passwords.
_SADP_TYPES: Final = re.compile(rb"<Types>\s*([^<\s]*)")
_SADP_WANTED: Final = frozenset({b"", b"hello", b"inquiry", b"inquiry_v32"})
_SADP_ROOT: Final = re.compile(rb"<(?:ProbeMatch|Hello)[\s>]")
_LONGEST: Final = 65535


def kinds_of(source_port: int, destination_port: int, payload: bytes) -> tuple[str, ...]:
    """Return the kinds that this datagram may be an answer or announcement of; not read yet."""
    found = (*PORTS.get(source_port, ()), *PORTS.get(destination_port, ()))
    if not found:
        found = tuple(kind for kind, looks in _MARKS if looks(payload))
    return tuple(dict.fromkeys(found))


def findings(source_port: int, destination_port: int, payload: bytes) -> Iterator[str]:
    """Yield the kinds under which this datagram says something of a device and may be kept."""
    if not 0 < len(payload) <= _LONGEST:
        return
    for kind in kinds_of(source_port, destination_port, payload):
        if may_be_kept(kind, payload) and kinds.read(kind, kinds.redact(kind, payload)):
            yield kind


def may_be_kept(kind: str, payload: bytes) -> bool:
    """False for what is part of somebody else's conversation with a device, which may hold secrets."""
    if kind == "sadp.reply":
        types = _SADP_TYPES.search(payload)
        return bool(_SADP_ROOT.search(payload)) and (types is None or types[1] in _SADP_WANTED)
    if kind == "dhip.reply":
        return payload[4:8] == b"DHIP" and b'"client.notifyDevInfo"' in payload
    if kind == "mdns.service":
        return _names_a_service(payload)
    return True


def _names_a_service(payload: bytes) -> bool:
    fields = kinds.read("mdns.service", payload)
    return bool(fields.get("type") or fields.get("service_types"))
