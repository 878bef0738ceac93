"""The newer capture file: blocks, of which those of packets and interfaces are read. Keys of TLS are passed over."""

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

from netaudit.intake.capture.pcap import MAX_PACKET, Captured

_SECTION: Final = b"\x0a\x0d\x0d\x0a"
_ORDERS: Final = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET = 1, 2, 3, 6
_RESOLUTION, _OFFSET = 9, 14
_LARGEST: Final = MAX_PACKET + 65536
_CHUNK: Final = 1 << 20
_MOST_INTERFACES: Final = 4096


class _Interface(NamedTuple):
    link: int
    snap: int
    units: float
    offset: int


class _Blocks:
    """Reads blocks out of a stream; knows the byte order of the section."""

    def __init__(self, stream: BinaryIO, lose: Callable[[str], None]) -> None:
        self._stream, self._lose = stream, lose
        self._buffer, self._place = b"", 0
        self.order = "<"

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Yield (type, body); type 0 for the begin of a section."""
        while head := self._peek(12):
            if len(head) < 12:
                self._lose("the capture ends in the middle of a block")
                return
            if section := head[:4] == _SECTION:
                self.order = _ORDERS.get(head[8:12], "")
                if not self.order:
                    self._lose("a section is in no known byte order")
                    return
            kind, size = struct.unpack_from(f"{self.order}II", head)
            if size < 12 or size % 4:
                self._lose(f"a block claims {size} bytes: the capture is damaged there")
                return
            if size > _LARGEST:
                if not self._skip(size):
                    return
                continue
            block = self._peek(size)
            if len(block) < size:
                self._lose("the capture ends in the middle of a block")
                return
            self._place += size
            yield (0 if section else kind), block[8:-4]

    def _peek(self, size: int) -> bytes:
        if len(self._buffer) - self._place < size:
            self._buffer = self._buffer[self._place :] + self._stream.read(max(size, _CHUNK))
            self._place = 0
        return self._buffer[self._place : self._place + size]

    def _skip(self, size: int) -> bool:
        """Pass over a block that is no packet's, however long."""
        have = len(self._buffer) - self._place
        self._place += min(have, size)
        left = size - have
        while left > 0:
            data = self._stream.read(min(left, _CHUNK))
            if not data:
                self._lose("the capture ends in the middle of a block")
                return False
            left -= len(data)
        return True


def is_pcapng(start: bytes) -> bool:
    """True for the first bytes of such a file."""
    return start[:4] == _SECTION and start[8:12] in _ORDERS


def read_pcapng(stream: BinaryIO, lose: Callable[[str], None]) -> Iterator[Captured]:
    """Yield the packets; a file that is cut or damaged ends early, and `lose` hears why."""
    blocks, interfaces = _Blocks(stream, lose), list[_Interface]()
    heads: dict[str, struct.Struct] = {order: struct.Struct(f"{order}IIIII") for order in "<>"}
    for kind, body in blocks:
        if kind == _PACKET and len(body) >= 20:
            which, high, low, size, length = heads[blocks.order].unpack_from(body)
            if which < len(interfaces) and size <= len(body) - 20:
                link, _, units, offset = interfaces[which]
                yield Captured(((high << 32) | low) * units + offset, link, body[20 : 20 + size], length)
        elif kind == 0:
            interfaces.clear()
        elif kind == _INTERFACE and len(body) >= 8 and len(interfaces) < _MOST_INTERFACES:
            interfaces.append(_interface(body, blocks.order))
        elif kind in (_SIMPLE_PACKET, _OLD_PACKET):
            yield from _other_packet(kind, body, blocks.order, interfaces)


def _other_packet(kind: int, body: bytes, order: str, interfaces: list[_Interface]) -> Iterator[Captured]:
    if kind == _SIMPLE_PACKET and len(body) >= 4 and interfaces:
        length = struct.unpack_from(f"{order}I", body)[0]
        size = min(length, interfaces[0].snap or length, len(body) - 4)
        yield Captured(0.0, interfaces[0].link, body[4 : 4 + size], length)
    elif kind == _OLD_PACKET and len(body) >= 20:
        which, _, high, low, size, length = struct.unpack_from(f"{order}HHIIII", body)
        if which < len(interfaces) and size <= len(body) - 20:
            found = interfaces[which]
            moment = ((high << 32) | low) * found.units + found.offset
            yield Captured(moment, found.link, body[20 : 20 + size], length)


def _interface(body: bytes, order: str) -> _Interface:
    link, _, snap = struct.unpack_from(f"{order}HHI", body)
    units, offset, place = 1e-6, 0, 8
    while place + 4 <= len(body):
        code, size = struct.unpack_from(f"{order}HH", body, place)
        value = body[place + 4 : place + 4 + size]
        if code == _RESOLUTION and size == len(value) == 1:
            units = 2.0 ** -(value[0] & 0x7F) if value[0] & 0x80 else 10.0 ** -value[0]
        elif code == _OFFSET and size == len(value) == 8:
            offset = struct.unpack(f"{order}q", value)[0]
        elif code == 0:
            break
        place += 4 + (size + 3) // 4 * 4
    return _Interface(link, snap, units, offset)
