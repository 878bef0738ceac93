"""DHCP (RFC 2131): what a client says of itself when it asks for an address, and what it is given."""

from collections.abc import Callable, Iterator
from typing import Final

from netaudit.evidence.fields import Fields
from netaudit.evidence.packed import Decoder, chars, hexed, ipv4, mac

_COOKIE: Final = b"\x63\x82\x53\x63"
_OPTIONS: Final = 240
_MOST_OPTIONS: Final = 128
_PAD, _END, _OVERLOAD = 0, 255, 52
_FILE, _NAME = slice(108, 236), slice(44, 108)
_TYPES: Final = {1: "discover", 2: "offer", 3: "request", 4: "decline", 5: "ack", 6: "nak", 7: "release", 8: "inform"}
_ETHERNET: Final = b"\1\6"


def _numbers(piece: bytes) -> str:
    return ",".join(map(str, piece))


# RFC 2132, 3004 (user class), 4702 (full name), 2132 9.14 (client identifier).
_READ: Final[dict[int, tuple[str, Decoder]]] = {
    12: ("hostname", chars), 15: ("domain", chars), 50: ("requested_ip", ipv4), 54: ("server", ipv4),
    55: ("parameter_request_list", _numbers), 60: ("vendor_class", chars), 61: ("client_id", hexed),
    77: ("user_class", chars), 81: ("full_name", lambda piece: chars(piece[3:])),
}  # fmt: skip


def read(raw: bytes) -> Fields:
    """Return message, mac, ip, hostname, vendor_class, parameter_request_list ("1,3,6"), client_id (hex) ...

    `ip`: the address that the client has, was given for good, or insists on; what is only offered is no fact yet.
    {} for what is no DHCP message.
    """
    if len(raw) < _OPTIONS or raw[236:240] != _COOKIE or raw[0] not in (1, 2):
        return {}
    options = dict(_all_options(raw))
    found = {"message": _TYPES.get(int.from_bytes(options.get(53, b"")), ""), "mac": _hardware(raw)}
    for number, (name, decode) in _READ.items():
        if number in options:
            found[name] = decode(options[number])
    found["ip"] = ipv4(raw[12:16]) or {
        "ack": ipv4(raw[16:20]),
        "request": found.get("requested_ip", ""),
    }.get(found["message"], "")
    return {name: value for name, value in found.items() if value}


def _hardware(raw: bytes) -> str:
    return mac(raw[28:34]) if raw[1:3] == _ETHERNET else ""


def _all_options(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the options, the pieces of a long one joined (RFC 3396); also those in the places of file and name."""
    joined: dict[int, bytes] = {}
    areas = [raw[_OPTIONS:]]
    for area in areas:
        for number, value in _options(area):
            if number == _OVERLOAD and len(areas) == 1 and len(value) == 1:
                areas += [raw[_FILE]] * (value[0] & 1) + [raw[_NAME]] * (value[0] >> 1 & 1)
            joined[number] = joined.get(number, b"") + value
    yield from joined.items()


def _options(area: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    for _ in range(_MOST_OPTIONS):
        while area[position : position + 1] == b"\0":
            position += 1
        if position + 2 > len(area) or area[position] == _END:
            return
        start, length = position + 2, area[position + 1]
        if start + length > len(area):
            return
        yield area[position], area[start : start + length]
        position = start + length


READERS: dict[str, Callable[[bytes], Fields]] = {"dhcp.lease": read}
