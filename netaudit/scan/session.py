"""The state that the phases of one run share."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final, TypeAlias

from netaudit.net.interfaces import Interface
from netaudit.net.routes import Route, read_routes
from netaudit.net.transport import Transport
from netaudit.scan.catalogue import Catalogue
from netaudit.scan.ground import REACHES, Ground, Reach
from netaudit.scan.journal import Journal
from netaudit.scan.options import Phase, Progress, ScanOptions
from netaudit.scan.time_left import Pace, Part, Seen, time_left
from netaudit.scope.gate import Gate
from netaudit.sweep.connect import PortsOf
from netaudit.sweep.live_host import How, LiveHost
from netaudit.sweep.ports import CameraPorts

_SHOWN_EVERY: Final = 0.2
_RATE_OVER: Final = 3.0
_BEAT: Final = 1.0
# More living hosts than the scope has addresses is an enemy's doing (invented sources on a segment).
MOST_HOSTS: Final = 100_000


Left: TypeAlias = Callable[[Phase, Part], float | None]
"""A phase and how far it is, to seconds to the end of the run."""


@dataclass(slots=True)
class Pulse:
    """Turns counts into progress reports, a few a second."""

    show: Callable[[Progress], None]
    _phase: Phase = "discover"
    _begun: float = field(default_factory=monotonic)
    _shown: float = 0.0
    _packets: deque[tuple[float, int]] = field(default_factory=deque)
    _last: tuple[Phase, int, int] | None = None

    def beat(self, phase: Phase, done: int, total: int, found: int, packets: int, left: Left) -> None:
        """Report, unless the last report was a moment ago."""
        now = monotonic()
        self._last = (phase, done, total)
        if not self.due(phase):
            return
        if phase != self._phase:
            self._phase, self._begun = phase, now
        self._shown = now
        # The first few tell nothing about the rest: no word is better than one that is not kept.
        eta = left(phase, Part(done, total, now - self._begun))
        self.show(Progress(phase, done, total, found, self._rate(now, packets), eta, packets))

    def due(self, phase: Phase) -> bool:
        """True when a report of this phase would be shown now."""
        return phase != self._phase or monotonic() - self._shown >= _SHOWN_EVERY

    def again(self, found: int, packets: int, left: Left) -> None:
        """Report the same once more: time has passed, and while answers are waited for nothing else moves the line."""
        if self._last is not None:
            self.beat(*self._last, found, packets, left)

    def _rate(self, now: float, packets: int) -> float:
        self._packets.append((now, packets))
        while now - self._packets[0][0] > _RATE_OVER:
            self._packets.popleft()
        since, before = self._packets[0]
        return (packets - before) / (now - since) if now > since else 0.0


@dataclass(slots=True)
class Walk:
    """A part of the walk that is under way; `begun`: monotonic seconds. One `reach` can have several."""

    reach: Reach
    total: float
    done: float = 0.0
    begun: float = field(default_factory=monotonic)


@dataclass(slots=True)
class Session:
    """One run. `living`: hosts that gave a sign of life, by address. `tried`: ports found out so far, by address.
    `welcome`: names of credentials that some host took.
    `mute`: routed addresses that no TCP port answered for, and what was tried: UDP may still bring them up.
    `link_local`: our IPv6 addresses of links in scope that reach no further than the link.
    `by_frames`: ports were tried by frames of our own, which nobody repeats when one is lost.
    `strangers`: further addresses outside the scope that answered, beside those that are named.
    `walks`: the parts of the walk that have begun; `planned`: what each reach has to walk, in the same units;
    `addresses_away`: behind routers, where a route leads.
    `pace`: what bounds this run, for the time left."""

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
    walks: list[Walk] = field(default_factory=list)
    planned: dict[Reach, int] = field(default_factory=dict)
    addresses_away: int = 0
    pace: Pace | None = None

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
        self.pulse.beat(phase, done, total, len(self.living), self.transport.packets, self.time_left)

    def beat_walk(self) -> None:
        """Report how far the walk is, over all that was and will be walked."""
        if not self.pulse.due("discover"):
            return
        parts = [self._part(reach) for reach in REACHES]
        self.beat("discover", round(sum(part.done for part in parts)), round(sum(part.total for part in parts)))

    async def keep_beating(self) -> None:
        """Report again and again, until cancelled."""
        while True:
            await asyncio.sleep(_BEAT)
            self.pulse.again(len(self.living), self.transport.packets, self.time_left)

    def time_left(self, phase: Phase, step: Part) -> float | None:
        """Return the seconds to the end of the run, None while that cannot be told."""
        if self.pace is None:
            return step.left(1.0) if step.told else None
        hosts = self.living.values()
        away = sum(not host.mac and not host.interface for host in hosts) if self.addresses_away else 0
        talkative = sum(bool(host.open_ports) for host in hosts)
        seen = Seen(len(hosts) - away, away, talkative, len(self.mute))
        # Addresses of our own kernel answer at once: as quick as a link.
        near = self._part("link", "loopback")
        return time_left(self.pace, phase, step, near, self._part("routed"), seen, self.addresses_away)

    def _part(self, *reaches: Reach) -> Part:
        walks = [walk for walk in self.walks if walk.reach in reaches]
        planned = sum(self.planned.get(reach, 0) for reach in reaches)
        done, total = sum(walk.done for walk in walks), sum(walk.total for walk in walks)
        begun = min((walk.begun for walk in walks), default=monotonic())
        return Part(done, max(planned, total), monotonic() - begun)
