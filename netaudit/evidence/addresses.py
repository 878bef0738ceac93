"""Addresses as other programs write them, in one spelling."""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

_PLAIN: Final = re.compile(r"[0-9a-fA-F]{12}")
_PAIRS: Final = re.compile(r"(?:[0-9a-fA-F]{1,2}[:\- ]){5}[0-9a-fA-F]{1,2}")
_SEPARATORS: Final = str.maketrans("", "", ":-. ")
_NO_UNIT: Final = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})
_LONGEST: Final = 64


@lru_cache(maxsize=8192)
def mac_of(text: str) -> str:
    """Return a MAC as aa:bb:cc:dd:ee:ff, "" when the text is none or names no unit (all zeros, all ones).

    Read are colons, dashes, blanks, Cisco's dots, HP's halves, none at all, and leading zeros left out (BSD, macOS).
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    if _PAIRS.fullmatch(text):
        text = "".join(part.zfill(2) for part in re.split(r"[:\- ]", text))
    digits = text.translate(_SEPARATORS)
    found = bytes.fromhex(digits).hex(":") if _PLAIN.fullmatch(digits) else ""
    return "" if found in _NO_UNIT else found


@lru_cache(maxsize=8192)
def ip_of(text: str) -> str:
    """Return an address of one host without its zone or prefix length, "" when the text is none.

    Unspecified, multicast and broadcast addresses name no host; an IPv4 address inside IPv6 is taken out.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    try:
        address = ip_address(text.partition("%")[0].partition("/")[0].strip("[]"))
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return "" if _names_no_host(address) else str(address)


def _names_no_host(address: IPv4Address | IPv6Address) -> bool:
    return address.is_unspecified or address.is_multicast or str(address) == "255.255.255.255"
