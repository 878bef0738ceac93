"""Which TCP ports are open: thousands of connects in flight on one epoll, each closed as soon as it is decided.

The epoll object is itself watched by the event loop: an asyncio future for each connect would halve the speed
(testbed.md 4: epoll 25,300 connections/s, sock_connect 9,700).
"""

import asyncio
import errno
import os
import resource
import select
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from netaudit.errors import ScopeError
from netaudit.net.pacer import Pacer
from netaudit.net.sockets import Door

Verdict: TypeAlias = Literal["open", "closed", "silent", "unreachable", "not_sent"]
"""closed: refused, so the host lives. unreachable: a router or ARP said there is nobody."""

MOST_IN_FLIGHT: Final = 16384

Decided: TypeAlias = Callable[[str, int, Verdict], None]

_NOBODY: Final = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN})
_FORBIDDEN: Final = frozenset({errno.EPERM, errno.EACCES})
# Out of sockets, ports or buffers: wait for some to come back.
_OURS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM, errno.EAGAIN})
_KEPT_FOR_OTHERS: Final = 512
_KERNEL_REPEATS_AFTER: Final = 1.0
_RESET: Final = struct.pack("=ii", 1, 0)
_REPEATED_BY: Final = 1.15
_TICK: Final = 0.02
_LEAST_AFTER_REPEAT: Final = 0.3
_ANSWERS_NEEDED: Final = 20
_BACK_PRESSURE_TRIES: Final = 200
# What the kernel dropped without a word is tried again so often, each time after one more `patience`.
_FURTHER_PASSES: Final = 3
# At full speed nothing else would wait: the answers must be read all the same.
_YIELD_EVERY: Final = 64


@dataclass(slots=True)
class _Pending:
    sock: socket.socket
    address: str
    port: int
    begun: float
    held: int = 1


class _Patience:
    """How long a silent port is waited for: shorter once the answers show how near the hosts are.

    The kernel repeats the first packet after 1 s, so two tries and their answers fit into a little more than that on
    a near network; a far or slow one keeps the whole time (testbed.md 4: 1 s loses 2 to 4 % at 5 % loss, 2.5 s none).
    """

    def __init__(self, most: float) -> None:
        self.seconds = self._most = most
        self._answers = 0
        self._slowest = 0.0

    def answered(self, after: float) -> None:
        """Note the time (s) of one answer to a first packet."""
        if after >= _KERNEL_REPEATS_AFTER:
            return
        self._answers += 1
        self._slowest = max(self._slowest, after)
        if self._answers >= _ANSWERS_NEEDED:
            self.seconds = min(self._most, _KERNEL_REPEATS_AFTER + max(_LEAST_AFTER_REPEAT, 3 * self._slowest))


@dataclass(slots=True)
class ConnectScan:
    """One TCP scan. `patience`: the longest wait (s) for a silent port; above 2 the kernel repeats a lost packet once.

    `in_flight`: connects pending at most; fewer where the process may not open so many files.
    """

    door: Door
    pacer: Pacer
    decided: Decided
    patience: float = 2.5
    in_flight: int = MOST_IN_FLIGHT
    _wait: _Patience = field(init=False)
    _poll: select.epoll = field(init=False, default_factory=select.epoll)
    _pending: dict[int, _Pending] = field(init=False, default_factory=dict)
    _queue: deque[_Pending] = field(init=False, default_factory=deque)
    _changed: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _unrepeated: deque[_Pending] = field(init=False, default_factory=deque)
    _goodbyes: set[asyncio.Task[None]] = field(init=False, default_factory=set)
    _turned_away: list[tuple[str, int]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._wait = _Patience(self.patience)

    async def scan(self, targets: Iterable[tuple[str, int]]) -> None:
        """Try every (address, port) once; `decided` is called once for each."""
        loop = asyncio.get_running_loop()
        room = min(self.in_flight, _descriptors() - _KEPT_FOR_OTHERS)
        loop.add_reader(self._poll.fileno(), self._on_events)
        clock = asyncio.ensure_future(self._tick())
        try:
            await self._pass(targets, max(room, 1))
            for _ in range(_FURTHER_PASSES):
                if not self._turned_away:
                    break
                await asyncio.sleep(self.patience)
                again, self._turned_away = self._turned_away, []
                await self._pass(again, max(room, 1))
            for address, port in self._turned_away:
                self.door.turned_away.hosts.add(address)
                self.decided(address, port, "not_sent")
            await asyncio.gather(*self._goodbyes)
        finally:
            clock.cancel()
            loop.remove_reader(self._poll.fileno())
            self._abandon()

    async def _pass(self, targets: Iterable[tuple[str, int]], room: int) -> None:
        for number, (address, port) in enumerate(targets):
            if number % _YIELD_EVERY == 0:
                await asyncio.sleep(0)
            # The first packet, and one that the kernel sends by itself: an acknowledgement or a repeat.
            await self.pacer.hold(address, 2, overall=1)
            await self._make_room(room)
            await self._start(address, port)
        await self._make_room(1)

    async def _tick(self) -> None:
        """Time passes for those in flight also while the next waits for its host."""
        while True:
            await asyncio.sleep(_TICK)
            self._expire()

    async def _start(self, address: str, port: int) -> None:
        for _ in range(_BACK_PRESSURE_TRIES):
            code = self._connect(address, port)
            if code is None:
                return
            await asyncio.sleep(_TICK)
            self._expire()
        self._refused_here(address, port)

    def _refused_here(self, address: str, port: int) -> None:
        """No packet went."""
        self.pacer.release(address, 2)
        self.decided(address, port, "not_sent")

    def _connect(self, address: str, port: int) -> int | None:
        """Begin one connect; return the error number when it must be tried again later."""
        try:
            sock, code = self.door.start_connect(address, port)
        except ScopeError:
            self._refused_here(address, port)
            return None
        except OSError as error:
            if error.errno in _OURS:
                return error.errno
            self._refused_here(address, port)
            return None
        pending = _Pending(sock, address, port, asyncio.get_running_loop().time())
        if code == errno.EINPROGRESS:
            self._watch(pending)
            return None
        if code in _OURS:
            sock.close()
            return code
        # Refused by our own kernel before a packet went: no route, or a local firewall. Nobody was asked.
        if code in _NOBODY or code in _FORBIDDEN:
            sock.close()
            self._refused_here(address, port)
        else:
            self.pacer.release(address, 1, went=1)
            self._decide(pending, code)
        return None

    def _watch(self, pending: _Pending) -> None:
        self.pacer.release(pending.address, 1, went=1)
        descriptor = pending.sock.fileno()
        self._pending[descriptor] = pending
        self._queue.append(pending)
        self._unrepeated.append(pending)
        self._poll.register(descriptor, select.EPOLLOUT | select.EPOLLERR | select.EPOLLHUP)

    def _on_events(self) -> None:
        now = asyncio.get_running_loop().time()
        for descriptor, _ in self._poll.poll(0, 512):
            pending = self._pending.pop(descriptor, None)
            if pending is not None:
                self._poll.unregister(descriptor)
                code = pending.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                self._wait.answered(now - pending.begun)
                self._decide(pending, code)
        self._changed.set()

    def _decide(self, pending: _Pending, code: int) -> None:
        """Say what came of it; an open connection is closed when its host may have one more packet."""
        address, port = pending.address, pending.port
        self.pacer.release(address, pending.held, went=1 if code == 0 else 0)
        pending.held = 0
        if code == 0:
            self.pacer.charge_overall(1)
            self._goodbyes.add(task := asyncio.ensure_future(self._goodbye(pending)))
            task.add_done_callback(self._goodbyes.discard)
            self.decided(address, port, "open")
            return
        pending.sock.close()
        if code in (errno.ECONNREFUSED, errno.ECONNRESET):
            self.decided(address, port, "closed")
        elif code == errno.ETIMEDOUT:
            self.decided(address, port, "silent")
        else:
            self.decided(address, port, "unreachable" if code in _NOBODY else "not_sent")

    async def _goodbye(self, pending: _Pending) -> None:
        """Reset it: one packet, where a polite end takes two and the host may still answer it with more."""
        try:
            await self.pacer.hold(pending.address, 1)
            self.pacer.release(pending.address, 1, went=1)
        finally:
            pending.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            pending.sock.close()

    def _expire(self) -> None:
        """Give up on the oldest; all wait equally long, so the queue is in order."""
        now = asyncio.get_running_loop().time()
        while self._unrepeated and self._unrepeated[0].begun <= now - _REPEATED_BY:
            self._repeated(self._unrepeated.popleft())
        while self._queue and (self._queue[0].begun <= now - self._wait.seconds or self._queue[0].sock.fileno() < 0):
            pending = self._queue.popleft()
            if self._pending.pop(pending.sock.fileno(), None) is not pending:
                continue
            pending.sock.close()
            self._repeated(pending)
            if self.door.turned_away(pending.address):
                self._turned_away.append((pending.address, pending.port))
            else:
                self.decided(pending.address, pending.port, "silent")

    def _repeated(self, pending: _Pending) -> None:
        """The kernel has sent its repeat by now, and will not send another before we give up."""
        if pending.held:
            self.pacer.release(pending.address, pending.held, went=1)
            self.pacer.charge_overall(1)
            pending.held = 0

    async def _make_room(self, room: int) -> None:
        """Wait until fewer than `room` connects are pending (1: until none is)."""
        self._expire()
        while len(self._pending) >= room:
            self._changed.clear()
            pause = self._queue[0].begun + self._wait.seconds - asyncio.get_running_loop().time()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), max(pause, 0.001))
            self._expire()

    def _abandon(self) -> None:
        for pending in self._pending.values():
            pending.sock.close()
            self.pacer.release(pending.address, pending.held)
        for task in self._goodbyes:
            task.cancel()
        self._unrepeated.clear()
        self._pending.clear()
        self._queue.clear()
        self._poll.close()


def _descriptors() -> int:
    """How many files this process may have open, after asking for as many as it may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
    used = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are enough, and there may be thousands
    return soft - used
