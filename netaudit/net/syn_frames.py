"""TCP SYN frames: one template, patched in bulk, and what comes back. Pure: bytes in, bytes out.

Nothing is remembered for a packet that was sent. Its sequence number is a keyed hash of the address, mixed with one of
the port: an answer that does not bring it back was not caused by us, or was forged.
"""

import hashlib
import socket
import struct
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Heard: TypeAlias = Literal["open", "closed", "unreachable"]

_ETHERNET: Final = 14
_SEGMENT: Final = 24
_TCP, _ICMP = 6, 1
_SYN, _RST, _ACK = 0x02, 0x04, 0x10
_WINDOW: Final = 64240
_OFFSET_AND_SYN: Final = 6 << 12 | _SYN
_OFFSET_AND_RST: Final = 5 << 12 | _RST
_MSS: Final = b"\x02\x04\x05\xb4"
_IP_HEAD: Final = bytes.fromhex("4500002c0000400040060000")
_RST_HEAD: Final = bytes.fromhex("45000028000040004006")
# From the IP checksum to the TCP checksum: checksum, source, target, ports, sequence, acknowledged, flags, window, sum.
_PATCH: Final = struct.Struct("!HIIHHIIHHH")
_PATCH_AT: Final = 24
_UNREACHABLE: Final = 3
_OWN_PORT_CLOSED: Final = 3


@dataclass(frozen=True, slots=True)
class Lane:
    """One way out: our link, our addresses there, and the router that takes the frames ("" : each host takes its own).

    `mac`, `next_mac`: 6 bytes.
    """

    interface: str
    source: str
    mac: bytes
    next_mac: bytes = bytes(6)
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One address, worked out once for all its ports. `sum`: of the words of the TCP sum that its ports share."""

    address: str
    number: int
    cookie: int
    ip_sum: int
    sum: int
    mac: bytes


def template(lane: Lane, source_port: int) -> bytes:
    """Return the SYN frame with nobody as its target; what the allow-list is asked about.

    58 bytes: Ethernet 14, IPv4 20, TCP 24 (with the segment size as its only option).
    """
    head = lane.next_mac + lane.mac + b"\x08\x00" + _IP_HEAD + socket.inet_aton(lane.source) + bytes(4)
    tcp = struct.pack("!HHIIHHHH", source_port, 0, 0, 0, _OFFSET_AND_SYN, _WINDOW, 0, 0)
    return head + tcp + _MSS


class Forge:
    """Makes targets and frames for one lane, one source port and one secret. `key`: 16 random bytes or more."""

    def __init__(self, lane: Lane, source_port: int, key: bytes) -> None:
        self.lane, self.source_port, self._key = lane, source_port, key
        self._source = int.from_bytes(socket.inet_aton(lane.source))
        self._ip_fixed = _words(_IP_HEAD) + self._source
        # Pseudo header (source, protocol, length) and every word of the segment that is the same in all.
        fixed = _TCP + _SEGMENT + source_port + _OFFSET_AND_SYN + _WINDOW + _words(_MSS)
        self._tcp_fixed = self._source + fixed
        self._port_masks: dict[int, int] = {}

    def target(self, address: str, mac: bytes | None = None) -> Target:
        """Work out one address. `mac`: who takes its frames; None: the lane's router."""
        packed = socket.inet_aton(address)
        number = int.from_bytes(packed)
        return Target(
            address,
            number,
            int.from_bytes(hashlib.blake2b(packed, key=self._key, digest_size=4).digest()),
            0xFFFF - (self._ip_fixed + number) % 0xFFFF,
            self._tcp_fixed + number,
            mac or self.lane.next_mac,
        )

    def sequence(self, target: Target, port: int) -> int:
        """Return the cookie of one address and port: what an answer must acknowledge."""
        mask = self._port_masks.get(port)
        if mask is None:
            mask = int.from_bytes(hashlib.blake2b(b"port%d" % port, key=self._key, digest_size=4).digest())
            self._port_masks[port] = mask
        return target.cookie ^ mask

    def patch(self, frames: bytearray, at: int, target: Target, port: int) -> None:
        """Make the frame that begins at this place of `frames` a SYN to this target."""
        sequence = self.sequence(target, port)
        frames[at : at + 6] = target.mac
        # 65,536 is 1 modulo 65,535: a one's complement sum is one division, whatever the width of its parts.
        total = 0xFFFF - (target.sum + port + sequence) % 0xFFFF
        _PATCH.pack_into(
            frames, at + _PATCH_AT, target.ip_sum, self._source, target.number, self.source_port, port, sequence, 0,
            _OFFSET_AND_SYN, _WINDOW, total,
        )  # fmt: skip

    def reset(self, target: Target, port: int) -> bytes:
        """Return the RST frame that closes what the target has half opened."""
        sequence = (self.sequence(target, port) + 1) & 0xFFFFFFFF
        head = target.mac + self.lane.mac + b"\x08\x00"
        ends = socket.inet_aton(self.lane.source) + socket.inet_aton(target.address)
        ip = _RST_HEAD + (0xFFFF - (_words(_RST_HEAD) + _words(ends)) % 0xFFFF).to_bytes(2) + ends
        tcp = struct.pack("!HHIIHH", self.source_port, port, sequence, 0, _OFFSET_AND_RST, 0)
        total = 0xFFFF - (_words(ends) + _TCP + len(tcp) + 4 + _words(tcp)) % 0xFFFF
        return head + ip + tcp + struct.pack("!HH", total, 0)

    def answers(self, target: Target, port: int, acknowledged: int, *, accepted: bool) -> bool:
        """True when the number that came back is the cookie's. A refusal of some stacks repeats it without adding 1."""
        cookie = self.sequence(target, port)
        return acknowledged == (cookie + 1) & 0xFFFFFFFF or (not accepted and acknowledged == cookie)


@dataclass(frozen=True, slots=True)
class Answer:
    """One packet that may be an answer: not yet held against a cookie. `number`: the address that was asked.

    `acknowledged`: as the other side has it; `quoted`: it is our own sequence number, inside an ICMP message.
    """

    number: int
    port: int
    heard: Heard
    acknowledged: int
    quoted: bool = False


def read_answer(frame: bytes) -> Answer | None:
    """Read one Ethernet frame: SYN/ACK, RST, or an ICMP message that quotes a SYN. None for anything else."""
    if len(frame) < _ETHERNET + 20 or frame[12:14] != b"\x08\x00" or frame[14] >> 4 != 4:
        return None
    at = _ETHERNET + (frame[14] & 15) * 4
    if frame[20] & 0x1F or frame[21]:
        # A later fragment has no TCP header.
        return None
    if frame[23] == _TCP:
        return _read_segment(frame, at)
    return _read_icmp(frame, at) if frame[23] == _ICMP else None


def _read_segment(frame: bytes, at: int) -> Answer | None:
    if len(frame) < at + 20:
        return None
    flags = frame[at + 13]
    if flags & _RST:
        heard: Heard = "closed"
    elif flags & (_SYN | _ACK) == _SYN | _ACK:
        heard = "open"
    else:
        return None
    port, _, _, acknowledged = struct.unpack_from("!HHII", frame, at)
    return Answer(int.from_bytes(frame[26:30]), port, heard, acknowledged)


def _read_icmp(frame: bytes, at: int) -> Answer | None:
    """Destination unreachable: from the host itself a sign of life, from a router its word for silence."""
    inner = at + 8
    if len(frame) < inner + 28 or frame[at] != _UNREACHABLE or frame[inner] != 0x45 or frame[inner + 9] != _TCP:
        return None
    asked = frame[inner + 16 : inner + 20]
    own = frame[26:30] == asked or frame[at + 1] == _OWN_PORT_CLOSED
    _, port, sequence = struct.unpack_from("!HHI", frame, inner + 20)
    return Answer(int.from_bytes(asked), port, "closed" if own else "unreachable", sequence, quoted=True)


def _words(data: bytes) -> int:
    return sum(struct.unpack(f"!{len(data) // 2}H", data))
