"""The sieve: of millions of packets the few that can say something of a device, told by a look at their heads.

This loop meets every packet, so it looks at bytes in place and makes nothing. What passes is taken apart carefully by
`netaudit.evidence.frames`; what a host says first on a TCP connection goes to `streams`.
"""

from collections.abc import Iterable, Iterator
from struct import Struct
from typing import Final

from netaudit.evidence.frames import heard, link
from netaudit.evidence.frames.fragments import Fragments
from netaudit.evidence.frames.heard import Finding
from netaudit.evidence.frames.readers import PORTS
from netaudit.intake.capture.pcap import Captured
from netaudit.intake.capture.streams import Streams

_PORTS: Final = frozenset(PORTS)
_SPOKEN: Final = frozenset({link.ARP, link.LLDP, link.CDP, link.SADP})
_TAGS: Final = frozenset({0x8100, 0x88A8, 0x9100})
_FIRST_ETHERTYPE: Final = 0x0600
_UDP, _TCP, _ICMPV6 = 17, 6, 58
_NEIGHBOURS: Final = frozenset({135, 136})
_STARTS: Final = frozenset({0x20, 0x3C, 0x48, 0x00})  # blank, "<", "H", DHIP's length: what marks begin with
_MOST_SEEN: Final = 1 << 18
_PATIENCE: Final = 32
"""Datagrams of one flow that may say nothing before the rest is passed over: media runs on any port."""

_two = Struct(">HH").unpack_from


class Sieve:
    """What one capture says. `cut`: packets that the capture's snap length cut. `unknown`: packets of unknown links."""

    def __init__(self) -> None:
        self.cut = self.unknown = self.packets = 0
        self._fragments = Fragments()
        self._streams = Streams()
        self._seen: set[int] = set()
        self._mute: dict[bytes, int] = {}

    def findings(self, packets: Iterable[Captured]) -> Iterator[tuple[int, float, Finding]]:
        """Yield (number of the packet from 1, its time, what it says)."""
        number, ethernet = 0, link.ETHERNET
        for at, kind, data, length in packets:
            number += 1
            if length > len(data):
                self.cut += 1
            self._streams.packet = (number, at)
            if kind == ethernet:
                found = self._ethernet(data)
            elif link.is_known(kind):
                found = self._other(data, kind)
            else:
                self.unknown += 1
                continue
            if found is not None:
                for finding in found:
                    yield number, at, finding
        self.packets = number
        yield from self._streams.rest()

    def _ethernet(self, data: bytes) -> Iterable[Finding] | None:
        if len(data) < 18:
            return None
        kind, head = (data[12] << 8) | data[13], 14
        while kind in _TAGS and head < 30 and len(data) > head + 4:
            kind, head = (data[head + 2] << 8) | data[head + 3], head + 4
        if kind == 0x0800:
            return self._ipv4(data, head)
        if kind in _SPOKEN or kind < _FIRST_ETHERTYPE:
            return self._frame(data, link.ETHERNET, data[6:])
        return self._ipv6(data, head) if kind == 0x86DD else None

    def _ipv4(self, data: bytes, head: int) -> Iterable[Finding] | None:
        if len(data) < head + 28:
            return None
        protocol, inner = data[head + 9], head + (data[head] & 15) * 4
        if protocol == _TCP:
            if data[head + 6] & 0x3F or data[head + 7]:
                return None
            end = head + ((data[head + 2] << 8) | data[head + 3])
            return self._streams.segment(data, head + 12, 4, inner, end if end > inner else len(data))
        if protocol != _UDP:
            return None
        if data[head + 6] & 0x3F or data[head + 7]:
            return self._frame(data, link.ETHERNET, data[head:])
        return self._udp(data, head + 12, inner)

    def _ipv6(self, data: bytes, head: int) -> Iterable[Finding] | None:
        inner = head + 40
        if len(data) < inner + 8:
            return None
        protocol = data[head + 6]
        if protocol == _UDP:
            return self._udp(data, head + 8, inner)
        if protocol == _TCP:
            end = inner + ((data[head + 4] << 8) | data[head + 5])
            return self._streams.segment(data, head + 8, 16, inner, end if end > inner else len(data))
        if protocol == _ICMPV6:
            return self._frame(data, link.ETHERNET, data[head + 8 :]) if data[inner] in _NEIGHBOURS else None
        # Behind other heads (fragments, options) anything may come.
        return self._frame(data, link.ETHERNET, data[head:]) if protocol in (0, 43, 44, 60) else None

    def _udp(self, data: bytes, addresses: int, inner: int) -> Iterable[Finding] | None:
        if len(data) < inner + 8:
            return None
        source, destination = _two(data, inner)
        # Answers between passing ports are known by their look.
        if source not in _PORTS and destination not in _PORTS and not _may_be_marked(data, inner + 8):
            return None
        flow = data[addresses : inner + 4]
        return self._frame(data, link.ETHERNET, flow + data[inner + 8 :], flow)

    def _other(self, data: bytes, kind: int) -> Iterable[Finding] | None:
        frame = link.read(data, kind)
        if frame is None:
            return None
        if frame.protocol == link.IPV4 and len(frame.payload) > 28 and frame.payload[9] == _TCP:
            packet = frame.payload
            end = (packet[2] << 8) | packet[3]
            inner = (packet[0] & 15) * 4
            return self._streams.segment(packet, 12, 4, inner, end if end > inner else len(packet))
        return self._frame(data, kind, data)

    def _frame(self, data: bytes, kind: int, content: bytes, flow: bytes = b"") -> Iterable[Finding] | None:
        """Take a frame apart, unless the very same was said before or its flow has said nothing so far."""
        mark = hash(content)
        if mark in self._seen:
            return None
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(mark)
        if flow and self._mute.get(flow, 0) >= _PATIENCE:
            return None
        frame = link.read(data, kind)
        found = list(heard.read(frame, self._fragments)) if frame else []
        if flow and not found:
            if len(self._mute) >= _MOST_SEEN:
                self._mute.clear()
            self._mute[flow] = self._mute.get(flow, 0) + 1
        return found


def _may_be_marked(data: bytes, begin: int) -> bool:
    return len(data) > begin and (data[begin] in _STARTS or data[begin + 4 : begin + 8] == b"DHIP")
