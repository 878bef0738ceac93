"""Requests that no template can describe, because lengths inside them count: read by their own rules. Pure.

Each form says True for exactly the requests that only read; whatever it cannot take apart is False.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

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
    message = _only(payload, 0x30)
    if message is None or not message.startswith(_V2C):
        return False
    parts = list(_parts(message[3:]))
    if [tag for tag, _ in parts] != [0x04, _GET] or not 0 < len(parts[0][1]) <= _MAX_COMMUNITY:
        return False
    request = list(_parts(parts[1][1]))
    if [tag for tag, _ in request] != [0x02, 0x02, 0x02, 0x30] or any(value != b"\0" for _, value in request[1:3]):
        return False
    variables = list(_parts(request[3][1]))
    return bool(variables) and all(tag == 0x30 and _readable(value) for tag, value in variables)


def _readable(variable: bytes) -> bool:
    parts = list(_parts(variable))
    if [tag for tag, _ in parts] != [0x06, 0x05] or parts[1][1]:
        return False
    return _dotted(parts[0][1]) in READABLE


def _dotted(encoded: bytes) -> str:
    """Return an object identifier as text; "" for one that is too long or does not end."""
    if not encoded or len(encoded) > 64 or encoded[-1] & 0x80:
        return ""
    numbers, number = [encoded[0] // 40, encoded[0] % 40], 0
    for octet in encoded[1:]:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(number)
            number = 0
    return ".".join(map(str, numbers))


def _only(data: bytes, tag: int) -> bytes | None:
    parts = list(_parts(data))
    return parts[0][1] if len(parts) == 1 and parts[0][0] == tag else None


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (tag, value) of BER elements; (-1, b"") where the rest is none, so that nothing hides behind."""
    position = 0
    while position < len(data):
        head = data[position + 1 : position + 2]
        length, start = (head[0], position + 2) if head else (0x80, position)
        if 0x81 <= length <= 0x82:
            size = length - 0x80
            length, start = int.from_bytes(data[start : start + size]), start + size
        elif length >= 0x80:
            yield -1, b""
            return
        if start + length > len(data):
            yield -1, b""
            return
        yield data[position], data[start : start + length]
        position = start + length


FORMS: Final[Mapping[str, Callable[[bytes], bool]]] = {"dns-ptr": dns_ptr, "snmp-get": snmp_get}
"""Name of a form in the allow-list to its check."""
