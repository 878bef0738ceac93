"""i-PRO's (Panasonic's) search "Easy IP" (facts/protocols.md section 18)."""

import struct
from collections.abc import Sequence
from ipaddress import IPv4Address
from typing import ClassVar, Final

from netaudit.net.exchange import Datagram
from netaudit.probes.search import BROADCAST, Search

_UNKNOWN_MAC: Final = "00:00:00:00:00:00"
_UNKNOWN_ADDRESS: Final = "0.0.0.0"  # noqa: S104 - a field of the packet, nothing is bound to it

_CONSTANT: Final = bytes.fromhex("20111e11231f1e1913")
# Byte 35 must be 02 and the tag list must be there: recorders stay silent without (one source).
_REST_OF_HEAD: Final = b"\0\0\2\1" + bytes(11)
_WANTED: Final = (0x20, 0x21, 0x22, 0x23, 0x25, 0x28, 0x40, 0x41, 0x42, 0x44, 0xA5, 0xA6, 0xA7, 0xA8, 0xAD, 0xB3, 0xB4)
_TAGS: Final = struct.pack(">HH19H", 0xFFF0, 0x26, *_WANTED, 0xB7, 0xB8)
_END: Final = b"\xff\xff"
_VERSION, _SEARCH = 1, 0x000D


class Ipro(Search):
    """The exact 94 bytes of the maker's tool, with our own addresses: the answer is a broadcast to port 10669."""

    name = "ipro"
    kind = "ipro.reply"
    port = 10670
    bind = 10669
    from_both = False
    payloads: ClassVar = {}

    def announce(self) -> Sequence[Datagram]:
        """Ask without telling who we are."""
        return self.announce_from(_UNKNOWN_MAC, _UNKNOWN_ADDRESS)

    def announce_from(self, mac: str, address: str) -> Sequence[Datagram]:
        """Ask from an interface with this MAC ("" unknown) and IPv4 address; nothing from an IPv6 one."""
        if ":" in address:
            return ()
        return [self._datagram("search 000d", search(mac or _UNKNOWN_MAC, address), BROADCAST)]


def search(mac: str, address: str) -> bytes:
    """Build the query; its checksum is the sum of all bytes before it, plus one, modulo 65536."""
    head = struct.pack(">HHH6x", _VERSION, len(_TAGS), _SEARCH)
    asker = bytes.fromhex(mac.replace(":", "")) + IPv4Address(address).packed + bytes(2)
    message = head + asker + _CONSTANT + _REST_OF_HEAD + _TAGS + _END
    return message + struct.pack(">H", (sum(message) + 1) % 65536)


PROBE = Ipro()
