"""SNMP requests for the tables of switches and routers: GET of listed leaves, GETBULK of listed columns. Pure.

Version 3 is looked at before it is authenticated and encrypted: `netaudit.net` seals it only after this said yes.
"""

from collections.abc import Callable
from typing import Final

from netaudit.scope.ber import dotted, inside, only
from netaudit.scope.snmp_tables import snmp_tables as readable

_SEQUENCE: Final = 0x30
_INTEGER: Final = 0x02
_OCTETS: Final = 0x04
_NULL: Final = 0x05
_OID: Final = 0x06
_GET: Final = 0xA0
_GET_BULK: Final = 0xA5
_V2C: Final = b"\x01"
_V3: Final = b"\x03"
_USM: Final = b"\x03"
_MAX_NAME: Final = 64
_MAX_REPETITIONS: Final = 64
_MAX_VARIABLES: Final = 16


def snmp_tables(payload: bytes) -> bool:
    """True for a v2c GET of listed leaves, or a GETBULK of listed columns with at most 64 repetitions."""
    message = inside(only(payload, _SEQUENCE) or b"", _INTEGER, _OCTETS, _GET)
    if message is None:
        message = inside(only(payload, _SEQUENCE) or b"", _INTEGER, _OCTETS, _GET_BULK)
        check = _bulk
    else:
        check = _get
    return message is not None and message[0] == _V2C and 0 < len(message[1]) <= _MAX_NAME and check(message[2])


def snmp_v3_tables(payload: bytes) -> bool:
    """True for the same requests in version 3 before they are sealed, and for the empty GET that asks who is there."""
    return _version_3(payload, _get, _bulk)


def snmp_v3_get(payload: bytes, listed: Callable[[str], bool]) -> bool:
    """True for a version 3 GET of `listed` leaves before it is sealed, and for the empty GET that asks who is there."""
    return _version_3(payload, lambda request: _get_of(request, listed), _nothing)


def _version_3(payload: bytes, get: Callable[[bytes], bool], bulk: Callable[[bytes], bool]) -> bool:
    message = inside(only(payload, _SEQUENCE) or b"", _INTEGER, _SEQUENCE, _OCTETS, _SEQUENCE)
    if message is None or message[0] != _V3:
        return False
    head = inside(message[1], _INTEGER, _INTEGER, _OCTETS, _INTEGER)
    user = inside(only(message[2], _SEQUENCE) or b"", _OCTETS, _INTEGER, _INTEGER, _OCTETS, _OCTETS, _OCTETS)
    if head is None or user is None or head[3] != _USM or len(head[2]) != 1 or len(user[3]) > _MAX_NAME:
        return False
    discovering = not user[0] and not user[3]
    return _scoped(message[3], _empty, _nothing) if discovering else _scoped(message[3], get, bulk)


def _scoped(scoped: bytes, get: Callable[[bytes], bool], bulk: Callable[[bytes], bool]) -> bool:
    for tag, check in ((_GET, get), (_GET_BULK, bulk)):
        found = inside(scoped, _OCTETS, _OCTETS, tag)
        if found is not None:
            return check(found[2])
    return False


def _get(request: bytes) -> bool:
    return _get_of(request, readable().is_leaf)


def _get_of(request: bytes, listed: Callable[[str], bool]) -> bool:
    found = inside(request, _INTEGER, _INTEGER, _INTEGER, _SEQUENCE)
    return found is not None and found[1] == found[2] == b"\0" and _names(found[3], listed)


def _bulk(request: bytes) -> bool:
    found = inside(request, _INTEGER, _INTEGER, _INTEGER, _SEQUENCE)
    if found is None or found[1] != b"\0" or not 0 < int.from_bytes(found[2], signed=True) <= _MAX_REPETITIONS:
        return False
    return _names(found[3], readable().is_in_column)


def _empty(request: bytes) -> bool:
    found = inside(request, _INTEGER, _INTEGER, _INTEGER, _SEQUENCE)
    return found is not None and found[1] == found[2] == b"\0" and not found[3]


def _nothing(_request: bytes) -> bool:
    return False


def _names(variables: bytes, listed: Callable[[str], bool]) -> bool:
    """True when there are some variables, each listed and without a value."""
    rest, count = variables, 0
    while rest and count < _MAX_VARIABLES:
        length = _whole(rest)
        pair = inside(only(rest[:length], _SEQUENCE) or b"", _OID, _NULL)
        if pair is None or pair[1] or not listed(dotted(pair[0])):
            return False
        rest, count = rest[length:], count + 1
    return not rest and count > 0


def _whole(data: bytes) -> int:
    """Length of the first element with its head; of everything where that cannot be told."""
    head = data[1] if len(data) > 1 else 0x80
    if head < 0x80:
        return 2 + head
    size = head - 0x80
    return 2 + size + int.from_bytes(data[2 : 2 + size]) if 0 < size <= 2 else len(data)
