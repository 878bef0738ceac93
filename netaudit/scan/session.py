"""The state that the phases of one run share."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final

from netaudit.net.interfaces import Interface
from netaudit.net.routes import Route, read_routes
from netaudit.net.transport import Transport
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.ground import Ground
from netaudit.scan.journal import Journal
from netaudit.scan.options import Phase, Progress, ScanOptions
from netaudit.scope.gate import Gate
from netaudit.sweep.connect import PortsOf
from netaudit.sweep.live_host import How, LiveHost
from netaudit.sweep.ports import CameraPorts

_SHOWN_EVERY: Final = 0.2
_RATE_OVER: Final = 3.0
_SHARE_TOLD: Final = 0.05
_SPENT_TOLD: Final = 1.0
# More living hosts than the scope has addresses is an enemy's doing (invented sources on a segment).
MOST_HOSTS: Final = 100_000


@dataclass(slots=True)
class Pulse:
    """Turns counts into progress reports, a few a second."""

    show: Callable[[Progress], None]
    _phase: Phase = "discover"
    _begun: float = field(default_factory=monotonic)
    _shown: float = 0.0
    _packets: deque[tuple[float, int]] = field(default_factory=deque)

    def beat(self, phase: Phase, done: int, total: int, found: int, packets: int, *, force: bool = False) -> None:
        """Report, unless the last report was a moment ago."""
        now = monotonic()
        if phase != self._phase:
            self._phase, self._begun, force = phase, now, True
        if not force and now - self._shown < _SHOWN_EVERY:
            return
        self._shown = now
        spent = now - self._begun
        # The first few tell nothing about the rest: no word is better than one that is not kept.
        told = total >= done and done >= max(1, total * _SHARE_TOLD) and spent >= _SPENT_TOLD
        eta = spent / done * (total - done) if told else None
        self.show(Progress(phase, done, total, found, self._rate(now, packets), eta, packets))

    def _rate(self, now: float, packets: int) -> float:
        self._packets.append((now, packets))
        while now - self._packets[0][0] > _RATE_OVER:
            self._packets.popleft()
        since, before = self._packets[0]
        return (packets - before) / (now - since) if now > since else 0.0


@dataclass(slots=True)
class Session:
    """One run. `living`: hosts that gave a sign of life, by address. `tried`: ports found out so far, by address.
    `welcome`: names of credentials that some host took.
    `mute`: routed addresses that no TCP port answered for, and what was tried: UDP may still bring them up.
    `link_local`: our IPv6 addresses of links in scope that reach no further than the link.
    `by_frames`: ports were tried by frames of our own, which nobody repeats when one is lost.
    `strangers`: further addresses outside the scope that answered, beside those that are named."""

    options: ScanOptions
    gate: Gate
    transport: Transport
    journal: Journal
    catalogue: Catalogue
    ports: CameraPorts
    interfaces: tuple[Interface, ...]
    grounds: tuple[Ground, ...]
    pulse: Pulse
    losses: list[str] = field(default_factory=list)
    living: dict[str, LiveHost] = field(default_factory=dict)
    tried: dict[str, PortsOf] = field(default_factory=dict)
    mute: dict[str, str] = field(default_factory=dict)
    crowded: bool = False
    welcome: set[str] = field(default_factory=set)
    by_frames: bool = False
    link_local: tuple[Interface, ...] = ()
    strangers: int = 0
    routes: tuple[Route, ...] = field(default_factory=read_routes)
    background: set[asyncio.Task[None]] = field(default_factory=set)

    def lose(self, *sentences: str) -> None:
        """Note what could not be seen; each sentence once."""
        for sentence in sentences:
            if sentence not in self.losses:
                self.losses.append(sentence)

    def meet(self, ip: str, how: How, mac: str = "", interface: str = "") -> bool:
        """Note a sign of life. False when there are absurdly many hosts already."""
        known = self.living.get(ip)
        if known is None:
            if len(self.living) >= MOST_HOSTS:
                self.lose(f"more than {MOST_HOSTS} addresses answered: further ones were not kept")
                return False
            self.living[ip] = LiveHost(ip, how, mac, interface)
        elif mac and not known.mac:
            self.living[ip] = replace(known, mac=mac, interface=interface)
        return True

    def later(self, work: Coroutine[None, None, None]) -> None:
        """Start work beside the phases; it is waited for before the phase ends."""
        task = asyncio.ensure_future(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    def beat(self, phase: Phase, done: int, total: int) -> None:
        """Report progress."""
        self.pulse.beat(phase, done, total, len(self.living), self.transport.packets)
