"""Requests that no template can describe, because lengths inside them count: read by their own rules. Pure.

Each form says True for exactly the requests that only read; whatever it cannot take apart is False.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from netaudit.scope.ber import dotted, only, parts
from netaudit.scope.snmp_forms import snmp_tables, snmp_v3_get, snmp_v3_tables

_MAX_QUESTIONS: Final = 32
_PTR_QU: Final = b"\x00\x0c\x80\x01"
_LABEL: Final = re.compile(rb"[A-Za-z0-9_-]{1,63}")

_V2C: Final = b"\x02\x01\x01"
_GET: Final = 0xA0
_MAX_COMMUNITY: Final = 64
_SYSTEM: Final = "1.3.6.1.2.1.1"
_MAKERS: Final = "1.3.6.1.4.1"

READABLE: Final = frozenset(
    {f"{_SYSTEM}.{leaf}.0" for leaf in (1, 2, 5)}
    | {f"{_MAKERS}.39165.1.{leaf}.0" for leaf in range(1, 7)}
    | {f"{_MAKERS}.50001.1.{leaf}" for leaf in ("3.0", "100.0")}
    | {f"{_MAKERS}.1004849.2.1.{leaf}.0" for leaf in ("1.1", "2.4", "2.6", "2.7", "2.9")}
)
"""Object identifiers that may be read by SNMP: sysDescr, sysObjectID, sysName; then the identity of Hikvision cameras,
of Hikvision recorders and of Dahua recorders. All read-only; HIK-DEVICE-MIB's restart leaf (39165.1.12) is not here."""


def dns_ptr(payload: bytes) -> bool:
    """True for a DNS query with id 0 that asks for PTR records only, each by unicast answer (RFC 6762)."""
    count = int.from_bytes(payload[4:6])
    if payload[:4] != bytes(4) or payload[6:12] != bytes(6) or not 0 < count <= _MAX_QUESTIONS:
        return False
    position = 12
    for _ in range(count):
        end = _name_end(payload, position)
        if end is None or payload[end : end + 4] != _PTR_QU:
            return False
        position = end + 4
    return position == len(payload)


def _name_end(payload: bytes, position: int) -> int | None:
    """Return where a name ends; None for one with other characters than service names have."""
    while position < len(payload):
        length = payload[position]
        if length == 0:
            return position + 1
        if length >= 0xC0:
            # A pointer backwards: what it points to was looked at, or lies in the head, which holds zeros.
            return position + 2 if int.from_bytes(payload[position : position + 2]) & 0x3FFF < position else None
        if not _LABEL.fullmatch(payload[position + 1 : position + 1 + length]):
            return None
        position += 1 + length
    return None


def snmp_get(payload: bytes) -> bool:
    """True for an SNMP v2c GetRequest whose every variable is one of the readable leaves and carries no value."""
    message = only(payload, 0x30)
    if message is None or not message.startswith(_V2C):
        return False
    outer = list(parts(message[3:]))
    if [tag for tag, _ in outer] != [0x04, _GET] or not 0 < len(outer[0][1]) <= _MAX_COMMUNITY:
        return False
    request = list(parts(outer[1][1]))
    if [tag for tag, _ in request] != [0x02, 0x02, 0x02, 0x30] or any(value != b"\0" for _, value in request[1:3]):
        return False
    variables = list(parts(request[3][1]))
    return bool(variables) and all(tag == 0x30 and _readable(value) for tag, value in variables)


def _readable(variable: bytes) -> bool:
    pair = list(parts(variable))
    if [tag for tag, _ in pair] != [0x06, 0x05] or pair[1][1]:
        return False
    return dotted(pair[0][1]) in READABLE


def snmp_v3_system(payload: bytes) -> bool:
    """True for the same in version 3 before it is sealed, and for the empty GET that asks who is there."""
    return snmp_v3_get(payload, READABLE.__contains__)


FORMS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "dns-ptr": dns_ptr,
    "snmp-get": snmp_get,
    "snmp-v3-get": snmp_v3_system,
    "snmp-tables": snmp_tables,
    "snmp-v3-tables": snmp_v3_tables,
}
"""Name of a form in the allow-list to its check."""
