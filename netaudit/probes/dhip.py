"""DHIP search: how Dahua's firmware, relabelled or not, says what it is (facts/protocols.md section 6)."""

import struct
from collections.abc import Sequence
from typing import ClassVar, Final

from netaudit.net.exchange import Datagram, Reply
from netaudit.probes.base import Heard

PORT: Final = 37810
GROUP: Final = "239.255.255.251"
BROADCAST: Final = "255.255.255.255"

_BODY: Final = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
# Header size, magic, session, request id, then the length twice, each as 64 bits; all little-endian.
_HEADER: Final = struct.Struct("<I4sIIQQ")

SEARCH: Final = _HEADER.pack(_HEADER.size, b"DHIP", 0, 0, len(_BODY), len(_BODY)) + _BODY
"""The only request there is: every other method changes state or is part of a login."""


class Dhip:
    """Sends the search to the group, to broadcast and, because thermal firmware hears nothing else, by unicast."""

    name: ClassVar[str] = "dhip"
    version: ClassVar[int] = 1

    def announce(self) -> Sequence[Datagram]:
        """Ask the group and the broadcast address."""
        return [Datagram(SEARCH, PORT, group, label="DHDiscover.search") for group in (GROUP, BROADCAST)]

    def directed(self) -> Sequence[Datagram]:
        """Ask one address; answered across routers too."""
        return [Datagram(SEARCH, PORT, label="DHDiscover.search")]

    def read(self, request: Datagram | None, reply: Reply) -> Sequence[Heard]:
        """Keep what announces a device; our own search and other tools' commands (with passwords) are dropped."""
        return [Heard("dhip.reply", message) for message in reply.messages if _is_answer(message)]


def _is_answer(message: bytes) -> bool:
    return message[4:8] == b"DHIP" and b'"client.notifyDevInfo"' in message


PROBE = Dhip()
