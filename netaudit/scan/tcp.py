"""Trying TCP ports in a run: by frames of our own where we may and it is worth it, else by ordinary connections."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from netaudit.net.connects import Verdict
from netaudit.net.wire import Wire
from netaudit.scan.ground import Reach
from netaudit.scan.options import Phase
from netaudit.scan.session import Session, Walk
from netaudit.sweep.connect import PortsOf, spread
from netaudit.sweep.lanes import NearMacs
from netaudit.sweep.syn import SynSwept, may_send_frames, syn_sweep

# Two rounds and their waits are no gain for a handful.
_WORTH: Final = 64


@dataclass(slots=True)
class Tally:
    """Meets whoever answers, keeps the verdicts, and moves the progress line. `loopback`: addresses of our own kernel,
    which refuses for all of them: only an open port says that somebody is there. `reach`: how its addresses are
    reached. `shown`: on the progress line."""

    session: Session
    phase: Phase
    total: float
    loopback: frozenset[str] = frozenset()
    reach: Reach = "link"
    shown: bool = True
    found: dict[str, PortsOf] = field(default_factory=dict)
    walk: Walk = field(init=False)

    def __post_init__(self) -> None:
        self.walk = Walk(self.reach, self.total)
        if self.phase == "discover":
            self.session.walks.append(self.walk)

    def decided(self, address: str, port: int, verdict: Verdict) -> None:
        """Take one verdict."""
        self.found.setdefault(address, PortsOf()).note(port, verdict)
        if verdict == "open" or (verdict == "closed" and address not in self.loopback):
            self.session.meet(address, "tcp")

    def moved(self, pairs: float) -> None:
        """Note that so many more pairs are done with."""
        self.walk.done = min(self.walk.done + pairs, self.total)
        if self.phase == "discover":
            self.session.beat_walk()
        elif self.shown:
            self.session.beat(self.phase, round(self.walk.done), round(self.total))

    def decided_and_moved(self, address: str, port: int, verdict: Verdict) -> None:
        """Both: for connections, each of which is tried once."""
        self.decided(address, port, verdict)
        self.moved(1)


async def try_ports(
    session: Session,
    plan: Mapping[str, Sequence[int]],
    tally: Tally,
    *,
    alive_is_enough: bool = False,
    met: Callable[[], None] = lambda: None,
) -> dict[str, PortsOf]:
    """Try every (address, port) of the plan; only addresses with a verdict are in the result.

    `alive_is_enough`: whoever answered once need not be asked again for what got lost. `met`: called when those that
    did are left alone, while the silent are asked again; not in every case.
    """
    others = plan
    if _by_frames(session, plan):
        swept = await _by_lanes(session, plan, tally, alive_is_enough=alive_is_enough, met=met)
        others = {address: plan[address] for address in swept.others}
    done = tally.walk.done
    await session.transport.connect_scan(spread(others), tally.decided_and_moved, session.options.connect_patience)
    tally.walk.done = done + sum(map(len, others.values()))
    if plan:
        tally.moved(0)
    return tally.found


def _by_frames(session: Session, plan: Mapping[str, Sequence[int]]) -> bool:
    engine = session.options.engine
    if engine not in ("auto", "syn") or not isinstance(session.transport, Wire) or not _elsewhere(plan):
        return False
    if engine == "auto" and sum(map(len, plan.values())) < _WORTH:
        return False
    if not may_send_frames():
        session.lose(
            "no right to send frames (root, or the capability CAP_NET_RAW): TCP ports were tried by ordinary "
            "connections, which takes longer where many addresses are silent"
        )
        return False
    return True


async def _by_lanes(
    session: Session,
    plan: Mapping[str, Sequence[int]],
    tally: Tally,
    *,
    alive_is_enough: bool,
    met: Callable[[], None],
) -> SynSwept:
    wire = session.transport
    assert isinstance(wire, Wire)
    begun = tally.walk.done
    try:
        swept = await syn_sweep(
            wire, plan, near_macs(session), tally.decided,
            alive_is_enough=alive_is_enough, resets=session.crowded, moved=tally.moved, met=met,
        )  # fmt: skip
    except OSError as error:
        session.lose(f"frames could not be sent ({error.strerror}): TCP ports were tried by ordinary connections")
        tally.walk.done = begun
        return SynSwept(tuple(plan))
    if swept.dropped:
        session.lose(f"{swept.dropped} answers to the TCP sweep came faster than this machine could read them")
    session.by_frames = True
    if session.crowded:
        wire.note_neighbours()
    tally.walk.done = begun + sum(len(plan[address]) for address in plan) - sum(len(plan[ip]) for ip in swept.others)
    return swept


def near_macs(session: Session) -> NearMacs:
    """Hosts of our own links with their link and MAC, as far as ARP has found them."""
    hosts = session.living.values()
    return {host.ip: (host.interface, host.mac) for host in hosts if host.mac and host.interface}


def _elsewhere(plan: Mapping[str, Sequence[int]]) -> bool:
    return any(":" not in address and not address.startswith("127.") for address in plan)
