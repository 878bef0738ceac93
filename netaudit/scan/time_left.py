"""How long a run will still take: what is left to send at the limits of the scope, and waits that no limit shortens.

Pure arithmetic over what the run knows of itself. What was measured counts more than what was reckoned, and a part that
is nearly done is never taken for the whole: small networks are waits for the most part.
"""

from dataclasses import dataclass, replace
from typing import Final

from netaudit.scan.options import Phase

LIVE_SHARE: Final = 0.2
OPEN_SHARE: Final = 0.5
"""Assumed until it is known: a fifth of the routed addresses live (where links are walked before: as many as there),
half of the living have a port open."""

_SHARE_TOLD: Final = 0.05
_SPENT_TOLD: Final = 1.0
# Packets a silent address costs for each thing that it is asked: everything is asked twice.
_TWICE: Final = 2
# After the last packet of a TCP sweep its answers are waited for.
_TCP_TAIL: Final = 2.5
# A second round over routed hosts waits a quarter longer (net/directed.py).
_SECOND_ROUND: Final = 1.25


@dataclass(frozen=True, slots=True)
class Pace:
    """What bounds one run. `overall`, `a_host`: packets/s. `ports`: tried on each living host; `directed`: UDP requests
    to a living one; `cheap`: UDP requests to a silent routed one; `questions`: packets of the questions to one device.
    `window`, `wait`: seconds that a segment, and single addresses, are listened to.
    """

    overall: float
    a_host: float
    ports: int
    directed: int
    cheap: int
    questions: int
    window: float
    wait: float


@dataclass(frozen=True, slots=True)
class Part:
    """The walk over the addresses that are reached in one way. `spent`: seconds since it began, 0 before."""

    done: float = 0.0
    total: float = 0.0
    spent: float = 0.0

    @property
    def told(self) -> bool:
        """True when its own speed says something of the rest."""
        return self.total >= self.done >= max(1.0, self.total * _SHARE_TOLD) and self.spent >= _SPENT_TOLD

    def left(self, overall: float) -> float:
        """Seconds to its end: by its own speed, or by the limit of the run."""
        rest = max(0.0, self.total - self.done)
        return self.spent / self.done * rest if self.told else _TWICE * rest / overall


@dataclass(frozen=True, slots=True)
class Seen:
    """Hosts at one moment: living ones near and behind routers, those with an open port, silent routed addresses."""

    near: float = 0.0
    away: float = 0.0
    open: float = 0.0
    mute: float = 0.0


def expected(seen: Seen, near: Part, away: Part, addresses_away: int) -> Seen:
    """Return what will be seen at the end of the walk, if the rest is like the part that is done."""
    # The walk of a link tells at its end who lives: until then only who answered the segment is known.
    ended = near.done >= near.total
    living = max(seen.near, 0.0 if ended else LIVE_SHARE * (near.total - near.done))
    if away.done:
        routed = min(float(addresses_away), seen.away / away.done * away.total)
    else:
        routed = (living / near.total if near.total and ended else LIVE_SHARE) * addresses_away
    return Seen(living, routed, OPEN_SHARE * (living + routed), addresses_away - routed)


def walk_left(pace: Pace, near: Part, away: Part, spent: float) -> float:
    """Seconds to the end of the walk: links first, then what is routed; each link is listened to meanwhile."""
    tail = _TCP_TAIL if away.total else 0.0
    return max(near.left(pace.overall) + away.left(pace.overall) + tail, pace.window - spent)


def ports_time(pace: Pace, seen: Seen) -> float:
    """Seconds of the second step: ports and single searches of the living side by side, then late answers."""
    if not seen.near + seen.away + seen.mute:
        return 0.0
    rounds = _TWICE if seen.away else 1
    one_host = (pace.ports + rounds * pace.directed) / pace.a_host if seen.near + seen.away else 0.0
    packets = seen.near * (pace.ports + pace.directed) + seen.away * (pace.ports + _TWICE * pace.directed)
    sending = (packets + seen.mute * pace.cheap) / pace.overall
    waits = (pace.wait if seen.near else 0.0) + (pace.wait * _SECOND_ROUND if seen.away or seen.mute else 0.0)
    return max(one_host, sending) + waits


def questions_time(pace: Pace, seen: Seen) -> float:
    """Seconds of the questions: the pace of a single host, or the limit of the run over all of them."""
    if seen.open < 1:
        return 0.0
    return max(pace.questions / pace.a_host, seen.open * pace.questions / pace.overall)


def step_left(step: Part, reckoned: float, least: float) -> float:
    """Seconds to the end of the present step: by its speed, yet not before the waits in it are over."""
    if step.told:
        return max(step.left(1.0), least - step.spent)
    return max(0.0, reckoned - step.spent)


def time_left(
    pace: Pace, phase: Phase, step: Part, near: Part, away: Part, seen: Seen, addresses_away: int
) -> float | None:
    """Seconds to the end of the run; None while too little is known. `step`: the present phase as a whole."""
    if phase == "discover":
        if not step.told:
            return None
        later = expected(seen, near, away, addresses_away)
        return walk_left(pace, near, away, step.spent) + ports_time(pace, later) + questions_time(pace, later)
    if phase == "ports":
        reckoned = ports_time(pace, seen)
        # Until the step ends nobody's ports are settled.
        talkative = max(seen.open, OPEN_SHARE * (seen.near + seen.away))
        return step_left(step, reckoned, reckoned) + questions_time(pace, replace(seen, open=talkative))
    if phase == "questions":
        one_host = questions_time(pace, Seen(open=min(1.0, seen.open)))
        return step_left(step, questions_time(pace, seen), one_host)
    return 0.0 if phase == "done" else step.left(pace.overall) if step.told else None
