"""SADP version 2: how Hikvision's firmware, relabelled or not, says what it is (facts/protocols.md section 4)."""

import re
import uuid
from collections.abc import Sequence
from typing import ClassVar, Final, Literal, TypeAlias

from netaudit.net.exchange import Datagram, Reply
from netaudit.probes.base import Heard

PORT: Final = 37020
GROUP: Final = "239.255.255.250"
BROADCAST: Final = "255.255.255.255"

Inquiry: TypeAlias = Literal["inquiry", "inquiry_v32"]
INQUIRIES: Final[tuple[Inquiry, ...]] = ("inquiry", "inquiry_v32")
"""The whole allow-list: every other value of Types changes state or hands out secrets."""

# Some firmware puts a short binary header before the XML, so the root is searched for, not expected at the start.
_ROOT: Final = re.compile(rb"<(Probe|ProbeMatch|Hello)[\s>]")
_TYPES: Final = re.compile(rb"<Types>\s*([^<\s]*)")
_WANTED_TYPES: Final = frozenset({b"", b"hello", *(inquiry.encode() for inquiry in INQUIRIES)})


class Sadp:
    """Sends the two inquiries. Bound to 37020 too: part of the fleet answers to the group, not to the asker."""

    name: ClassVar[str] = "sadp"
    version: ClassVar[int] = 1

    def announce(self) -> Sequence[Datagram]:
        """Ask the group and the broadcast address."""
        return [
            Datagram(_inquiry(kind), PORT, group, bind=PORT, label=kind)
            for group in (GROUP, BROADCAST)
            for kind in INQUIRIES
        ]

    def directed(self) -> Sequence[Datagram]:
        """Ask one address. Best effort: tools do it, but no real device is known to answer across a router."""
        return [Datagram(_inquiry(kind), PORT, bind=PORT, label=f"{kind}, best effort") for kind in INQUIRIES]

    def read(self, request: Datagram | None, reply: Reply) -> Sequence[Heard]:
        """Keep a ProbeMatch or a boot-time Hello as heard.

        Dropped: our own Probe, and what devices answer to somebody else's tool (codes, strings to reset a password).
        """
        return [Heard("sadp.reply", message) for message in reply.messages if _is_answer(message)]


def _inquiry(kind: Inquiry) -> bytes:
    message = str(uuid.uuid4()).upper()
    return f'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>{message}</Uuid><Types>{kind}</Types></Probe>'.encode()


def _is_answer(message: bytes) -> bool:
    root, types = _ROOT.search(message), _TYPES.search(message)
    if root is None or root[1] == b"Probe":
        return False
    return types is None or types[1] in _WANTED_TYPES


PROBE = Sadp()
