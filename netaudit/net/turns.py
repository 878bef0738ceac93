"""The packets of one TCP connection against the limit of its host: those of the kernel too.

While a connection is open the kernel acknowledges whatever comes, unasked. So a small receive window bounds how much
can come before we read on, and so many places of the host's limit are held; what really went is read from the kernel
(segments sent, TCP_INFO) and counted. Reading on, sending and closing wait until there is room again. Acknowledgements
are delayed as long as the kernel likes to: so the request after an answer, or our goodbye, carries them along.
"""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from netaudit.net.pacer import Pacer
from netaudit.net.sockets import TCP_WINDOW_CLAMP

_SEGMENT: Final = 1460
_LEAST: Final = 2
# What is left for others while a connection is open: the request, its end, and one by UDP.
_SPARE: Final = 3
_UNCLAMPED: Final = 65535
_HANDSHAKE: Final = 2
_GOODBYE: Final = 2
# Where the device has said goodbye before: one packet says ours and acknowledges its own.
_ANSWERED_GOODBYE: Final = 1
_LAST_ACK: Final = 1
# A device that closes does so right behind its answer, and sooner than the kernel acknowledges that.
_LOOKS: Final = (0.001, 0.003, 0.006, 0.01)
_CLOSE_WAIT: Final = 8
_SEGMENTS_SENT: Final = 136
_INFO_SIZE: Final = 144


class Turns:
    """One connection. Use as: `opening`, `opened`, then `send`/`heard`/`read_on` as it goes, `closing`, `closed`."""

    def __init__(self, pacer: Pacer, host: str) -> None:
        limits = pacer.limits
        self._pacer, self._host = pacer, host
        free = (limits.packets_per_host - _HANDSHAKE - _SPARE) // (2 * limits.connections_per_host)
        self._segments = max(_LEAST, free)
        self._sock: socket.socket | None = None
        self._held = 0
        self._out = 0
        self._goodbye = _GOODBYE
        self._limits: list[asyncio.Timeout] = []

    @property
    def window(self) -> int:
        """Bytes that may come before we read on; 0 where that need not be bounded."""
        size = self._segments * _SEGMENT
        return 0 if size >= _UNCLAMPED or self._host.startswith("127.") else size

    @contextmanager
    def extending(self, limit: asyncio.Timeout) -> Iterator[None]:
        """While the block lasts, the time that we wait for our own turn does not count against this limit."""
        self._limits.append(limit)
        try:
            yield
        finally:
            self._limits.remove(limit)

    async def opening(self) -> None:
        """Wait for the handshake's packets, and for what a greeting costs."""
        await self._hold(_HANDSHAKE + self._segments, _HANDSHAKE)

    def opened(self, sock: socket.socket) -> None:
        """Take the connected socket."""
        self._sock = sock
        self._narrow()
        self._count(_HANDSHAKE)

    async def send(self) -> None:
        """Wait for one more packet of ours. Call `sent` when it went."""
        await self._hold(1, 1)

    def sent(self) -> None:
        """Count it."""
        self._count(1)

    async def read_on(self) -> None:
        """Count what was acknowledged so far and wait until as much again may be."""
        self._narrow()
        before = monotonic()
        await self._pacer.settled(self._host, self._held, self._recount)
        self._put_off(monotonic() - before)

    async def closing(self) -> None:
        """Wait for the packets of the end: fewer where the device has closed its side."""
        for pause in _LOOKS:
            if self._device_closed():
                break
            await asyncio.sleep(pause)
        else:
            await self._hold(_GOODBYE, _GOODBYE)
            return
        await self._close_after_device()

    async def _close_after_device(self) -> None:
        """Nothing more can come that would have to be acknowledged: of the places held, two are enough for the end."""
        self._goodbye = _ANSWERED_GOODBYE
        spare = max(0, self._held - _ANSWERED_GOODBYE - _LAST_ACK)
        self._held -= spare
        self._pacer.release(self._host, spare)
        await self._pacer.overall(_ANSWERED_GOODBYE)
        await self._pacer.settled(self._host, self._held, self._recount)

    def closed(self, *, cut: bool) -> None:
        """Give every place back. `cut`: there was more to come, which the kernel refuses piece by piece."""
        connected = self._sock is not None
        went = (self._goodbye + (self._segments if cut else 0)) if connected else 1
        self._pacer.release(self._host, self._held, went=went)
        self._held = 0
        self._sock = None

    def _recount(self) -> None:
        if self._sock is not None:
            self._count(0)

    def _device_closed(self) -> bool:
        return self._sock is not None and self._info()[0] == _CLOSE_WAIT

    def _info(self) -> bytes:
        assert self._sock is not None
        return self._sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_SIZE)

    def _narrow(self) -> None:
        """Again and again: the kernel widens the window, and acknowledges at once, as it learns how data come in."""
        if self.window and self._sock is not None:
            self._sock.setsockopt(socket.IPPROTO_TCP, TCP_WINDOW_CLAMP, self.window)
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)

    async def _hold(self, count: int, sure: int) -> None:
        before = monotonic()
        await self._pacer.hold(self._host, count, own=self._held, overall=sure, recount=self._recount)
        self._held += count
        self._put_off(monotonic() - before)

    def _put_off(self, waited: float) -> None:
        for limit in self._limits:
            when = limit.when()
            if when is not None and waited > 0:
                limit.reschedule(when + waited)

    def _count(self, places: int) -> None:
        """Note what the kernel has sent since the last time, and give `places` back for it."""
        info = self._info()
        total = struct.unpack_from("=I", info, _SEGMENTS_SENT)[0] if len(info) >= _INFO_SIZE else self._out + places
        went, self._out = total - self._out, total
        self._held -= places
        self._pacer.release(self._host, places, went=went)
        if went > places:
            self._pacer.charge_overall(went - places)
