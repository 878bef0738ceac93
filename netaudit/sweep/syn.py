"""The native TCP sweep: stateless SYN frames on every lane at the same time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netaudit.net.connects import Decided
from netaudit.net.frame_port import SynPort
from netaudit.net.syn_scan import Moved, SynHow
from netaudit.net.wire import Wire
from netaudit.sweep.lanes import NearMacs, sort_out

_CAP_NET_RAW: Final = 1 << 13


@dataclass(frozen=True, slots=True)
class SynSwept:
    """What a sweep left over. `others`: addresses that only an ordinary connection can try.

    `pressed`: times the kernel could take no more and was waited for; `dropped`: answers it could not keep for us.
    """

    others: tuple[str, ...]
    pressed: int = 0
    dropped: int = 0


async def syn_sweep(
    wire: Wire,
    plan: Mapping[str, Sequence[int]],
    near: NearMacs,
    decided: Decided,
    *,
    alive_is_enough: bool = False,
    resets: bool = False,
    moved: Moved = lambda _: None,
    met: Callable[[], None] = lambda: None,
) -> SynSwept:
    """Try every (address, port) of the plan that frames can reach; `decided` hears each verdict once.

    `alive_is_enough`, `resets`, `moved`, `met`: as `SynHow` has them; `met` only where there is one lane.
    Raises PermissionError without CAP_NET_RAW, before anything was sent.
    """
    ports = next((ports for ports in plan.values() if ports), ())
    if not ports:
        return SynSwept(())
    found = await sort_out(wire, plan, near, ports[0])
    opened: list[tuple[SynPort, tuple[str, ...]]] = []
    alone = len(found.lanes) == 1
    how = SynHow(alive_is_enough=alive_is_enough, resets=resets, moved=moved, met=met if alone else lambda: None)
    try:
        opened.extend((wire.syn(lane), addresses) for lane, addresses in found.lanes.items())
        scans = await asyncio.gather(
            *(
                wire.syn_scan(port, {address: plan[address] for address in addresses}, found.macs, decided, how)
                for port, addresses in opened
            )
        )
    finally:
        for port, _ in opened:
            port.close()
    return SynSwept(found.others, sum(scan.pressed for scan in scans), sum(scan.dropped for scan in scans))


def may_send_frames(status: Path = Path("/proc/thread-self/status")) -> bool:
    """True when this process itself has CAP_NET_RAW."""
    try:
        lines = status.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return any(line.startswith("CapEff:") and bool(int(line.split()[1], 16) & _CAP_NET_RAW) for line in lines)
