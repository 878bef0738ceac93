"""How fast packets may go: pure arithmetic on a clock that the caller gives, so that it is tested without sleeping."""

from bisect import insort
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from netaudit.scope.model import Limits

# Seconds that the event loop may oversleep and still catch up: so many packets may go at once.
_TICK: Final = 0.01
# TCP opens a connection with two at once.
_PAIR: Final = 2.0
_PAIR_FROM: Final = 10
# Clocks are floating-point numbers: what is too little to move one counts as nothing.
_ROUNDING: Final = 1e-6
# Hosts whose pace has long been free again are forgotten when this many are remembered (a /16 has 65,536).
_REMEMBERED: Final = 8192
SECOND: Final = 1.02
"""A second, and what the cable may shift a packet by."""

_SPARE_FROM: Final = 5
_SOON: Final = 0.02


class Pace:
    """All packets together: never more than the rate in any second, however late each of them leaves.

    `burst`: packets that may go at once. (The generic cell rate algorithm, one number of state. It is moved by what
    went, never by what is waiting: a packet that misses its turn has no second one, so that a machine that was busy
    does not let go at once what piled up. A burst and a second of the pace together are the rate.)
    """

    __slots__ = ("_due", "_step", "burst")

    def __init__(self, rate: float) -> None:
        """`rate`: packets/s above 0."""
        self.burst = max(rate * _TICK, _PAIR) if rate >= _PAIR_FROM else 1.0
        self._step = (1.0 + _ROUNDING) / (rate - self.burst + 1.0)
        self._due = float("-inf")

    def wait(self, now: float, count: int = 1) -> float:
        """Seconds to wait before `count` packets may go at once; 0: now. More than a burst waits for nothing owed."""
        pause = self._due - now - max(0.0, (self.burst - count) * self._step)
        return pause if pause > _ROUNDING * self._step else 0.0

    def went(self, now: float, count: int = 1) -> None:
        """Note packets that go now, or that went unasked: what follows goes later."""
        self._due = max(now, self._due) + count * self._step


class Window:
    """The packets to one host: never more than the limit in any second, wherever that second begins.

    `held`: packets that may go at any moment without asking again (acknowledgements of an open connection). One place
    is kept free for what cannot be foreseen, such as the last acknowledgement of a connection that the host closes
    late.
    """

    __slots__ = ("_gone", "_limit", "held")

    def __init__(self, limit: int) -> None:
        """`limit`: packets in a second, at least 1."""
        self._limit = limit - 1 if limit >= _SPARE_FROM else limit
        self._gone: deque[float] = deque()
        self.held = 0

    def wait(self, now: float, count: int, own: int = 0) -> float:
        """Seconds to wait before `count` more packets may go; 0: now. `own`: what the asker itself holds.

        More than the limit at once is let go when nothing else went or is held: TCP cannot be split.
        """
        while self._gone and self._gone[0] <= now - SECOND:
            self._gone.popleft()
        free = self._limit - self.held - len(self._gone)
        if count <= free or (not self._gone and self.held == own):
            return 0.0
        if not self._gone:
            return _SOON
        # When this many have aged there is room, unless what is held takes it.
        aged = self._gone[min(count - free, len(self._gone)) - 1]
        return max(aged + SECOND - now, _SOON / 10)

    def went(self, now: float, count: int) -> None:
        """Note packets that went just now."""
        self._gone.extend([now] * min(count, self._limit + 1))

    def went_before(self, when: float) -> None:
        """Note a packet that went a while ago."""
        insort(self._gone, when)

    def idle(self, now: float) -> bool:
        """True when nothing of the last second is remembered and nothing is held."""
        return not self.held and (not self._gone or self._gone[-1] <= now - SECOND)


@dataclass(slots=True)
class Limiter:
    """The paces of one run: all packets together, and the packets to each host."""

    limits: Limits
    packets: int = 0
    _overall: Pace = field(init=False)
    _hosts: dict[str, Window] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._overall = Pace(self.limits.packets_per_second)

    def wait(self, now: float, count: int = 1) -> float:
        """Seconds until `count` packets may go to anybody; 0: now."""
        return self._overall.wait(now, count)

    def went(self, now: float, count: int = 1) -> None:
        """Count packets that go now, or that the kernel sent unasked."""
        self.packets += count
        self._overall.went(now, count)

    def host(self, address: str, now: float) -> Window:
        """Return the window of one host."""
        window = self._hosts.get(address)
        if window is None:
            self._forget(now)
            window = self._hosts[address] = Window(self.limits.packets_per_host)
        return window

    def _forget(self, now: float) -> None:
        if len(self._hosts) >= _REMEMBERED:
            self._hosts = {host: window for host, window in self._hosts.items() if not window.idle(now)}


@dataclass(slots=True)
class Connections:
    """Which hosts have a connection open, and when the next may be opened."""

    limits: Limits
    _open: dict[str, int] = field(default_factory=dict)
    _free_at: dict[str, float] = field(default_factory=dict)

    def wait(self, host: str, now: float) -> float | None:
        """Seconds until a connection may be opened (0: it is now counted as open); None while too many are open."""
        if self._open.get(host, 0) >= self.limits.connections_per_host:
            return None
        pause = self._free_at.get(host, now) - now
        if pause > 0:
            return pause
        self._open[host] = self._open.get(host, 0) + 1
        return 0.0

    def closed(self, host: str, now: float) -> None:
        """Note the end of one connection: the pause to the next begins."""
        left = self._open.get(host, 0) - 1
        if left > 0:
            self._open[host] = left
        else:
            self._open.pop(host, None)
        if len(self._free_at) >= _REMEMBERED:
            self._free_at = {name: free for name, free in self._free_at.items() if free > now}
        self._free_at[host] = now + self.limits.pause
