"""Which TCP ports are open, asked without a connection: rounds of SYN frames, each host in its turn.

Every host stands in one queue and has a turn no sooner than its pace allows; a turn is one SYN, or is used up by the
RST with which the kernel closes what a host accepted. So no host gets more than its limit in any second, by the
order of the queue alone. What stayed silent is asked again in a further round (testbed.md 4: one round loses 4 to 5 %
at 5 % loss).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from time import monotonic
from typing import Final, TypeAlias

from netaudit.errors import ScopeError
from netaudit.net.connects import Decided, Verdict
from netaudit.net.frame_batch import BATCH
from netaudit.net.frame_port import SynPort
from netaudit.net.pacer import Pacer
from netaudit.net.syn_frames import Answer, Target
from netaudit.scope.model import Limits

LATE: Final = 1.0
"""What Linux waits before it repeats a first packet; the first round's have twice as long."""

_LEAST_LATE: Final = 0.3
_ANSWERS_NEEDED: Final = 20
# Frames are seen on the cable a little later or sooner than they were handed over.
_MARGIN: Final = 1.05
_TICK: Final = 0.02
_PRESSED_FOR: Final = 4.0
_PRESSED_PAUSE: Final = 0.005
_READ_AT_ONCE: Final = 2048
# A host that accepts without end shall not slow down the others.
_MOST_DEBTS: Final = 40
# More than this share of answers only in a later round: the network loses packets, and one more round is worth it.
_LOSSY: Final = 0.01
# So few that of the hosts that answer on one port only less than one in a thousand is missed by one round.
_NO_LOSS: Final = 0.001
_ENOUGH_ANSWERS: Final = 1000


@dataclass(slots=True)
class _Host:
    """One target and where it stands. Ports are bits, in the order in which they are tried."""

    target: Target
    ports: Sequence[int]
    turn: int = 0
    sent: int = 0
    answered: int = 0
    alive: bool = False
    debts: int = 0
    last: float = 0.0


Moved: TypeAlias = Callable[[float], None]
"""Hears how many more (address, port) pairs are done with; parts of pairs, because each is gone through twice."""


@dataclass(frozen=True, slots=True)
class SynHow:
    """How to scan. `rounds`: at least so many, one more where packets get lost. `late`: how long (s) answers are waited
    for after the last packet, while they have not shown that the net is near.

    `alive_is_enough`: a host that answered anything is not asked again in the later rounds. `resets`: close half-open
    connections ourselves, because the kernel cannot reach so many neighbours. `met`: called, where `alive_is_enough`,
    when those that answered the first round will not be asked again: whatever comes next for them can begin.
    """

    rounds: int = 2
    late: float = LATE
    alive_is_enough: bool = False
    resets: bool = False
    moved: Moved = lambda _: None
    met: Callable[[], None] = lambda: None


@dataclass(slots=True)
class SynScan:
    """One lane's scan. `pressed`: times the kernel was busy; `dropped`: answers that it could not keep for us."""

    port: SynPort
    pacer: Pacer
    decided: Decided
    limits: Limits
    how: SynHow = SynHow()
    pressed: int = 0
    dropped: int = 0
    _hosts: list[_Host] = field(default_factory=list)
    _by_number: dict[int, _Host] = field(default_factory=dict)
    _late: "_Late" = field(init=False)
    _batch: int = field(init=False)
    _step: float = field(init=False)
    _round: int = 0
    _first: int = 0
    _later: int = 0
    _lossy_nets: set[int] = field(default_factory=set)
    _queued: list[tuple[_Host, int]] = field(default_factory=list)
    _owed: deque[tuple[Target, int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._late = _Late(self.how.late, self.how.late)
        # One packet of a second is kept for a RST that was not yet counted; where there are but two, that is enough.
        spare = 2 if self.how.resets else 1
        self._step = _MARGIN / max(1, self.limits.packets_per_host - spare)
        # One tick's worth at one go.
        self._batch = max(1, min(BATCH, int(self.limits.packets_per_second * _TICK)))

    async def scan(self, plan: Mapping[str, Sequence[int]], macs: Mapping[str, bytes]) -> None:
        """Try every port of every address; `decided` is called once for each. `macs`: who takes their frames, if not
        the lane's router."""
        for address, ports in plan.items():
            self._admit(address, ports, macs.get(address))
        loop = asyncio.get_running_loop()
        loop.add_reader(self.port.sock, self._hear)
        try:
            await self._rounds()
        finally:
            loop.remove_reader(self.port.sock)
        self.dropped = self.port.lost()
        self._conclude()

    def _admit(self, address: str, ports: Sequence[int], mac: bytes | None) -> None:
        try:
            target = self.port.admit(address, mac)
            for port in ports:
                self.port.admit_port(address, port)
        except ScopeError:
            ports = self._without_refused(address, ports, mac)
            if not ports:
                return
            target = self.port.admit(address, mac)
        host = _Host(target, ports)
        self._hosts.append(host)
        self._by_number[target.number] = host

    def _without_refused(self, address: str, ports: Sequence[int], mac: bytes | None) -> Sequence[int]:
        """Say of each refused port that it was not sent, and return the others."""
        kept: list[int] = []
        for port in ports:
            try:
                self.port.admit(address, mac)
                self.port.admit_port(address, port)
                kept.append(port)
            except ScopeError:
                self.decided(address, port, "not_sent")
        return tuple(kept)

    async def _rounds(self) -> None:
        waiting = self._hosts
        for number in range(self.how.rounds + 1):
            self._round = number
            if number == 1 and self.how.alive_is_enough:
                waiting = await self._doubtful(waiting)
            if number >= self.how.rounds and not self._lossy():
                break
            waiting = [host for host in waiting if self._unanswered(host)]
            if not waiting:
                break
            await self._send_round(waiting, self._late.seconds if number else 0.0)
        await self._rest(max((host.last for host in waiting), default=0.0))

    async def _doubtful(self, asked: list[_Host]) -> list[_Host]:
        """Ask living hosts about their gaps: that shows what the network loses. Return the hosts still worth asking.

        The silent are most of a network and most of the time. Where a thousand answers came and next to none was lost,
        they are left in peace, but for those in the neighbourhood of a loss.
        """
        gaps = [host for host in asked if host.alive and host.answered != (1 << len(host.ports)) - 1]
        if gaps and self._first >= _ENOUGH_ANSWERS:
            await self._send_round(gaps, self._late.seconds, every=True)
            await self._rest(gaps[-1].last)
        else:
            await self._rest(max(host.last for host in asked))
            self.how.met()
        if self._first < _ENOUGH_ANSWERS or self._later > self._first * _NO_LOSS:
            return asked
        return [host for host in asked if host.target.number >> 8 in self._lossy_nets]

    async def _rest(self, last: float) -> None:
        """Wait for late answers, and long enough for the pace that whatever comes next keeps."""
        await self._pay_resets()
        while (pause := last + max(self._late.seconds, 2 / self.limits.packets_per_host) - monotonic()) > 0:
            await asyncio.sleep(min(pause, 0.1))
            self._hear()
            await self._pay_resets()

    async def _send_round(self, hosts: list[_Host], pause: float, *, every: bool = False) -> None:
        """One round. `pause` (s): since a host was last asked. `every`: the living too, whatever is enough."""
        queue, enough = deque(hosts), self.how.alive_is_enough and self._round > 0 and not every
        for host in hosts:
            host.turn = 0
        step = self._step
        while queue:
            now = monotonic()
            first = queue[0]
            due = first.last + (max(step, pause) if first.turn == 0 else step)
            if due > now and first.last:
                await asyncio.sleep(min(due - now, 0.05))
                continue
            self._fill(queue, now, step, max(step, pause), enough=enough)
            self.how.moved(len(self._queued) / self.how.rounds)
            if self._queued:
                await self.pacer.packet(count=len(self._queued))
                await self._flush()
            if self._owed:
                await self._pay_resets()
            await asyncio.sleep(0)
            self._hear()

    def _fill(self, queue: deque[_Host], now: float, step: float, first: float, *, enough: bool) -> None:
        """Give turns to the hosts that are due, until the batch is full. (Runs once for each packet: no calls.)"""
        put, queued = self.port.queue, self._queued
        for _ in range(min(self._batch, len(queue))):
            host = queue[0]
            turn = host.turn
            if host.last and host.last + (step if turn else first) > now:
                return
            queue.popleft()
            if host.debts and self.limits.packets_per_host > 2:
                host.debts -= 1
                host.last = now
                queue.append(host)
                continue
            ports = host.ports
            while turn < len(ports) and host.answered >> turn & 1:
                turn += 1
            if turn == len(ports) or (enough and host.alive):
                # This round is over for this host.
                continue
            put(host.target, ports[turn])
            queued.append((host, turn))
            host.turn = turn + 1
            queue.append(host)

    def _unanswered(self, host: _Host) -> bool:
        if self.how.alive_is_enough and host.alive:
            return False
        return host.answered != (1 << len(host.ports)) - 1

    async def _flush(self) -> None:
        give_up = monotonic() + _PRESSED_FOR
        went = len(self._queued)
        while not self.port.batch.flush():
            self.pressed += 1
            if monotonic() > give_up:
                went = self.port.batch.forget()
                break
            await asyncio.sleep(_PRESSED_PAUSE)
        now = monotonic()
        for host, place in self._queued[:went]:
            host.sent |= 1 << place
            host.last = now
        for host, _ in self._queued[went:]:
            host.last = now
        self._queued.clear()

    async def _pay_resets(self) -> None:
        while self._owed:
            await self.pacer.packet()
            if self.port.reset(*self._owed[0]):
                self._owed.popleft()
            else:
                self.pressed += 1
                await asyncio.sleep(_PRESSED_PAUSE)

    def _hear(self) -> None:
        for _ in range(_READ_AT_ONCE):
            heard = self.port.receive()
            if heard is None:
                return
            self._take(*heard)

    def _take(self, target: Target, answer: Answer) -> None:
        host = self._by_number[target.number]
        if answer.port not in host.ports:
            return
        place = host.ports.index(answer.port)
        again = bool(host.answered >> place & 1)
        if answer.heard == "open" and host.debts < _MOST_DEBTS:
            # It says so again: nothing closed it, a firewall of ours perhaps keeps the kernel from that.
            self._owe(host, answer.port, ours=again or self.how.resets)
        if again:
            return
        host.answered |= 1 << place
        host.alive |= answer.heard != "unreachable"
        self._note_round(target)
        self._late.answered(monotonic() - host.last, last=host.turn == place + 1 and not self._round)
        self.decided(target.address, answer.port, answer.heard)

    def _note_round(self, target: Target) -> None:
        if self._round == 0:
            self._first += 1
        else:
            self._later += 1
            self._lossy_nets.add(target.number >> 8)

    def _owe(self, host: _Host, port: int, *, ours: bool) -> None:
        """The kernel knows of no such connection and closes it with a RST; where it cannot, we do."""
        host.debts += 1
        self.pacer.charge(host.target.address)
        if ours:
            host.debts += 1
            self._owed.append((host.target, port))

    def _lossy(self) -> bool:
        return self._later > _LOSSY * (self._first + self._later)

    def _conclude(self) -> None:
        now = monotonic()
        for host in self._hosts:
            if host.alive and now - host.last < 1:
                # As many as the pace allowed, and no more than there was to send in all rounds.
                count = ceil((1 - now + host.last) * self.limits.packets_per_host)
                count = min(count, (self.how.rounds + 1) * len(host.ports))
                self.pacer.charge_host(host.target.address, count, host.last, self._step)
            for place, port in enumerate(host.ports):
                if not host.answered >> place & 1:
                    verdict: Verdict = "silent" if host.sent >> place & 1 else "not_sent"
                    self.decided(host.target.address, port, verdict)


@dataclass(slots=True)
class _Late:
    """How long an answer is waited for: shorter once they show how near the hosts are."""

    most: float
    seconds: float
    _measured: int = 0
    _unclear: int = 0
    _slowest: float = 0.0

    def answered(self, after: float, *, last: bool) -> None:
        """Note one answer. `last`: to the packet that was sent last, so that `after` (s) is what it took."""
        if not last:
            self._unclear += 1
            self.seconds = self.most
            return
        self._measured += 1
        self._slowest = max(self._slowest, after)
        if self._measured >= _ANSWERS_NEEDED and not self._unclear:
            self.seconds = min(self.most, max(_LEAST_LATE, 3 * self._slowest))
