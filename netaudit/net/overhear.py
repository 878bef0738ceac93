"""One link heard whole for a while, and asked by frames without IP: units that no socket of the kernel would show."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.evidence.frames import heard, readers
from netaudit.evidence.frames.fragments import Fragments
from netaudit.evidence.frames.heard import Finding
from netaudit.evidence.frames.link import Frame
from netaudit.net.filter import announcements
from netaudit.net.interfaces import Interface
from netaudit.net.pacer import Pacer
from netaudit.net.sockets import Door, Egress
from netaudit.net.udp import Sent, Unsent, patiently, reading_frames

_GAP: Final = 0.4


@dataclass(frozen=True, slots=True)
class FrameAsk:
    """One Ethernet frame to everybody on a link, and the name of its probe."""

    probe: str
    frame: bytes
    repeats: int = 2


async def overhear(
    door: Door,
    pacer: Pacer,
    interface: Interface,
    asks: Sequence[FrameAsk],
    window: float,
    take: Callable[[Finding], None],
) -> Sent:
    """Send the frames and hear the link for `window` s. Raises PermissionError without CAP_NET_RAW, or OSError."""
    ear = door.asking_ear(
        Egress(interface.name, interface.index, interface.address), announcements(tuple(readers.PORTS))
    )
    fragments, unsent = Fragments(), []

    def hear(frame: Frame) -> None:
        for finding in heard.read(frame, fragments):
            take(finding)

    with reading_frames(ear, hear):
        over = asyncio.get_running_loop().time() + window
        for ask in asks:
            for _ in range(ask.repeats):
                await pacer.packet()
                if problem := await patiently(lambda frame=ask.frame: ear.send(frame)):  # type: ignore[misc]
                    unsent.append(Unsent(ask.probe, interface.label, problem))
                await asyncio.sleep(min(_GAP, window / 4))
        await asyncio.sleep(max(0.0, over - asyncio.get_running_loop().time()))
    return Sent(tuple(unsent))
