"""A packet socket that only listens: whole frames of one link, joined to no group, so that nothing is ever sent."""

import socket
import struct
from typing import Final

from netaudit.errors import ScopeError
from netaudit.evidence.frames.link import Frame, read
from netaudit.net.packet_filter import attach
from netaudit.scope.allow_list import BROADCAST
from netaudit.scope.gate import Gate

_SOL_PACKET: Final = 263
_ADD_MEMBERSHIP, _STATISTICS, _AUXDATA = 1, 6, 8
_PROMISCUOUS, _ALL_GROUPS = 1, 2
_ETH_P_ALL: Final = 0x0003
_AUX: Final = struct.Struct("=IIIHHHH")
_VLAN_VALID: Final = 0x10
_LONGEST: Final = 65536
_EVERYBODY: Final = b"\xff" * 6


class Ear:
    """One link, heard. Made by `Door.ear`; `lost` says how many frames the kernel could not keep for us."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.lost = 0

    def receive(self) -> Frame | None:
        """Return one frame, None when nothing is there (or the link is down). Frames of no known make are empty."""
        try:
            raw, ancillary, _, _ = self.sock.recvmsg(_LONGEST, socket.CMSG_SPACE(_AUX.size))
        except OSError:
            return None
        frame = read(raw) or Frame(0, raw)
        # The kernel has taken the outer tag off and tells it beside the frame.
        vlan = next((number for _, kind, data in ancillary if kind == _AUXDATA and (number := _vlan(data))), 0)
        return frame._replace(vlans=(vlan, *frame.vlans)) if vlan else frame

    def count_lost(self) -> int:
        """Ask the kernel how many frames it had to drop since the socket was opened; return the sum."""
        try:
            answer = self.sock.getsockopt(_SOL_PACKET, _STATISTICS, 8)
        except OSError:
            return self.lost
        # The kernel sets its count back with every answer.
        self.lost += int(struct.unpack("=II", answer)[1])
        return self.lost

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()


class AskingEar(Ear):
    """An ear that may also ask: by whole frames of the allow-list, to everybody on a link in scope."""

    def __init__(self, ear: Ear, gate: Gate, address: str) -> None:
        super().__init__(ear.sock)
        self._gate, self._address = gate, address

    def send(self, frame: bytes) -> None:
        """Send one frame to the link. Raises ScopeError or OSError."""
        self._gate.pass_group(BROADCAST, 0, self._address)
        self._gate.pass_frame(frame)
        if frame[:6] != _EVERYBODY:
            raise ScopeError("a frame to one unit needs its address in scope: only those to everybody go this way")
        self.sock.send(frame)


def prepare(sock: socket.socket, link: str, program: bytes, *, everything: bool) -> None:
    """Make a packet socket without a protocol hear `link` through the filter `program`. Raises OSError.

    The card's own filter for groups is lifted (`everything`: also the one for addresses): nobody is told of either,
    unlike joining a group, which makes the kernel send a report.
    """
    attach(sock, program)
    sock.setsockopt(_SOL_PACKET, _AUXDATA, 1)
    sock.bind((link, _ETH_P_ALL))
    for kind in (_ALL_GROUPS, *([_PROMISCUOUS] if everything else [])):
        member = struct.pack("=iHH8x", socket.if_nametoindex(link), kind, 0)
        sock.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, member)


def _vlan(data: bytes) -> int:
    if len(data) < _AUX.size:
        return 0
    status, *_, tag, _ = _AUX.unpack_from(data)
    return tag & 0x0FFF if status & _VLAN_VALID else 0
