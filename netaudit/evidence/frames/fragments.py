"""Pieces of IP packets put together again: long answers (SADP, WS-Discovery) come in two or three."""

from dataclasses import dataclass, field
from typing import Final

from netaudit.evidence.frames.packet import Packet

_LONGEST: Final = 65535
_MOST_PIECES: Final = 48

_Key = tuple[str, str, int]


@dataclass(slots=True)
class _Whole:
    pieces: dict[int, bytes] = field(default_factory=dict)
    end: int | None = None
    size: int = 0


@dataclass(slots=True)
class Fragments:
    """What is not whole yet: at most `room` packets, the oldest given up first. Pieces that overlap are refused.

    `lost`: packets that were given up.
    """

    room: int = 64
    lost: int = 0
    _open: dict[_Key, _Whole] = field(default_factory=dict)

    def whole(self, packet: Packet) -> Packet | None:
        """Return the packet, whole; None while pieces are missing."""
        piece = packet.fragment
        if piece is None:
            return packet
        # The protocol is no part of the key: later pieces of IPv6 may name another one.
        key = (packet.source, packet.destination, piece.identification)
        found = self._open.get(key)
        if found is None:
            found = self._opened(key)
        if not _take(found, piece.offset, packet.payload, more=piece.more):
            del self._open[key]
            self.lost += 1
            return None
        if found.end is None or found.size < found.end:
            return None
        del self._open[key]
        payload = b"".join(found.pieces[offset] for offset in sorted(found.pieces))
        return packet._replace(payload=payload, fragment=None)

    def _opened(self, key: _Key) -> _Whole:
        if len(self._open) >= self.room:
            del self._open[next(iter(self._open))]
            self.lost += 1
        return self._open.setdefault(key, _Whole())


def _take(whole: _Whole, offset: int, data: bytes, *, more: bool) -> bool:
    """Put a piece in its place. False for one that cannot belong there."""
    end = offset + len(data)
    if whole.pieces.get(offset) == data:
        return True
    if not data or end > _LONGEST or len(whole.pieces) >= _MOST_PIECES:
        return False
    if any(offset < start + len(other) and start < end for start, other in whole.pieces.items()):
        return False
    if not more:
        if whole.end is not None:
            return False
        whole.end = end
    whole.pieces[offset] = data
    whole.size += len(data)
    return whole.end is None or all(start + len(other) <= whole.end for start, other in whole.pieces.items())
