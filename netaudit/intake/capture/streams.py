"""What servers say first on TCP connections: the begin of HTTP and RTSP answers, certificates, greetings.

A capture shows other people's sessions. Of an answer only the head and the page's title are kept, and no cookie;
requests are not looked at, nothing behind the first answers of a connection, and nothing that is encrypted.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from struct import Struct
from typing import Final

from netaudit.evidence.frames.heard import Finding
from netaudit.intake.capture import speech

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_LONGEST: Final = 32 * 1024
_MOST_PIECES: Final = 64
_MOST_FLOWS: Final = 1 << 17
_MOST_OPEN: Final = 4096
_PATIENCE: Final = 24
"""Segments of a connection that may begin no answer before it is passed over."""
_ANSWERS_A_PORT: Final = 16

_numbers = Struct(">II").unpack_from


class _Open:
    """An answer that is being put together: pieces by their distance from its begin."""

    __slots__ = ("begin", "packet", "pieces")

    def __init__(self, begin: int, packet: tuple[int, float]) -> None:
        self.begin, self.packet = begin, packet
        self.pieces: dict[int, bytes] = {}

    def add(self, sequence: int, data: bytes) -> None:
        """Take a segment; those from before the begin or far behind it do not belong."""
        place = (sequence - self.begin) & 0xFFFFFFFF
        if place < _LONGEST and len(self.pieces) < _MOST_PIECES and len(data) > len(self.pieces.get(place, b"")):
            self.pieces[place] = data

    def text(self) -> bytes:
        """Return what is there without a gap."""
        if len(self.pieces) == 1:
            return self.pieces.get(0, b"")
        joined = bytearray()
        for place in sorted(self.pieces):
            if place > len(joined):
                break
            joined += self.pieces[place][len(joined) - place :]
        return bytes(joined)

    @property
    def full(self) -> bool:
        """True when no more will be taken."""
        return len(self.pieces) >= _MOST_PIECES


class Streams:
    """The connections of one capture, each direction by its addresses and ports.

    `packet`: number and time of the packet that is looked at now.
    """

    def __init__(self) -> None:
        self.packet = (0, 0.0)
        self._open: dict[bytes, _Open] = {}
        self._patience: dict[bytes, int] = {}
        self._said: dict[tuple[str, int], set[bytes]] = {}

    def segment(self, data: bytes, addresses: int, size: int, inner: int, end: int) -> Iterable[Finding] | None:
        """Take one segment. `addresses`: where the source begins; `size`: of an address; `inner`: the TCP head;
        `end`: of the packet (what follows is padding)."""
        if len(data) < inner + 20:
            return None
        begin = inner + (data[inner + 12] >> 4) * 4
        flags = data[inner + 13]
        if begin >= end or begin >= len(data):
            return self._without_data(data, addresses, size, inner, flags) if flags & (_FIN | _RST | _SYN) else None
        key = data[addresses : inner + 4]
        if inner != addresses + 2 * size:  # options stand between
            key = key[: 2 * size] + key[-4:]
        left = self._patience.get(key, _PATIENCE)
        if not left:
            return None
        found = self._open.get(key)
        sequence = _numbers(data, inner + 4)[0]
        if found is None:
            # Most of what passes is media: one look at the first byte must do.
            if data[begin] not in speech.STARTS or not speech.begins(data[begin : begin + 8], data[inner : inner + 2]):
                self._lose_patience(key, left)
                return None
            found = self._begin(key, sequence)
        found.add(sequence, data[begin:end])
        text = found.text()
        if not found.full and not flags & (_FIN | _RST) and not speech.is_whole(text):
            return None
        return self._close(key, size)

    def rest(self) -> Iterator[tuple[int, float, Finding]]:
        """Yield (packet, its time, finding) of what connections had begun to say when the capture ended."""
        for key, begun in list(self._open.items()):
            for finding in self._close(key, 4 if len(key) == 12 else 16):
                yield *begun.packet, finding

    def _without_data(self, data: bytes, addresses: int, size: int, inner: int, flags: int) -> Iterable[Finding] | None:
        key = data[addresses : addresses + 2 * size] + data[inner : inner + 4]
        if flags & _SYN:
            # The ports are used anew.
            self._patience.pop(key, None)
            return None
        return self._close(key, size) if key in self._open else None

    def _begin(self, key: bytes, sequence: int) -> _Open:
        if len(self._open) >= _MOST_OPEN:
            del self._open[next(iter(self._open))]
        self._open[key] = found = _Open(sequence, self.packet)
        return found

    def _lose_patience(self, key: bytes, left: int) -> None:
        if len(self._patience) >= _MOST_FLOWS:
            self._patience.clear()
        self._patience[key] = left - 1

    def _close(self, key: bytes, size: int) -> list[Finding]:
        text = self._open.pop(key).text()
        ip, port = str(ip_address(key[:size])), int.from_bytes(key[-4:-2])
        said = self._said.setdefault((ip, port), set())
        found = []
        for kind, raw in speech.spoken(text):
            mark = speech.mark(kind, raw)
            if len(said) < _ANSWERS_A_PORT and mark not in said:
                said.add(mark)
                found.append(Finding(kind, raw, ip=ip, port=port))
        return found
