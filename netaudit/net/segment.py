"""Asks one segment: multicast and broadcast from one interface, all protocols at the same time, one window."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import Final

from netaudit.clock import now, rfc3339
from netaudit.net.exchange import Datagram, Reply
from netaudit.net.interfaces import Interface
from netaudit.net.pacer import Pacer
from netaudit.net.sockets import Door, Egress, UdpPort
from netaudit.net.udp import Arrival, Arrived, Ask, Sent, Take, Unsent, bind_ports, names, patiently, reading

LIMITED_BROADCAST: Final = "255.255.255.255"
# When the repeats go (s), for the usual window of 6 s (perf.md 3); a shorter window squeezes them together.
_OFFSETS: Final = (0.0, 0.4, 1.2, 2.0)
_USUAL_WINDOW: Final = 6.0
_LATE_SHARE: Final = 1 / 3
_LINK_DOWN: Final = "no socket on this interface"


class Segment:
    """One interface's sockets for one window. Own queries that loop back are dropped."""

    def __init__(self, door: Door, pacer: Pacer, interface: Interface, arrived: Arrived) -> None:
        self._door, self._pacer, self._interface, self._arrived = door, pacer, interface, arrived
        self._egress = Egress(interface.name, interface.index, interface.address, interface.vouched)
        self._own_payloads: set[bytes] = set()
        self._bound: dict[int, UdpPort] = {}
        self._unsent: list[Unsent] = []
        self._losses: list[str] = []

    @property
    def sent(self) -> Sent:
        """What did not go out, and what could be missed."""
        return Sent(tuple(self._unsent), tuple(self._losses))

    async def ask(self, asks: Sequence[Ask], window: float) -> None:
        """Send every request its number of times and hear until the window (s) ends.

        A slow limit can hold back the last repeats until then: a third of the window is kept for their answers.
        """
        fitting = [ask for ask in asks if ask.datagram.group and (":" in ask.datagram.group) == (self._version == 6)]
        self._own_payloads.update(ask.datagram.payload for ask in fitting)
        with ExitStack() as sockets:
            self._open_bound(fitting, sockets)
            pairs = [(ask, port) for ask in fitting if (port := self._open_for(ask, sockets)) is not None]
            async with asyncio.TaskGroup() as work:
                work.create_task(asyncio.sleep(window))
                for ask, port in pairs:
                    work.create_task(self._repeat(ask, port, min(1.0, window / _USUAL_WINDOW), window * _LATE_SHARE))

    @property
    def _version(self) -> int:
        return self._interface.version

    def _open_bound(self, asks: Sequence[Ask], sockets: ExitStack) -> None:
        for number, wanting in bind_ports(asks).items():
            groups = {group for ask in wanting for group in _groups(ask.datagram)}
            try:
                port = self._door.udp_on(self._egress, number, sorted(groups))
            except OSError as error:
                self._losses.append(
                    f"UDP port {number} on {self._interface.label} is taken ({error.strerror}): answers of "
                    f"{', '.join(names(wanting))} that come only to this port could be missed"
                )
                continue
            self._bound[number] = port
            sockets.enter_context(reading(port, self._taker(names(wanting), None)))
            self._open_own(number, wanting, sockets)

    def _open_own(self, number: int, wanting: Sequence[Ask], sockets: ExitStack) -> None:
        """Hear answers to our very address where another program (a maker's tool, a second scan) has the port too."""
        with suppress(OSError):
            port = self._door.udp(self._egress.family, number, self._egress.address)
            sockets.enter_context(reading(port, self._taker(names(wanting), None)))

    def _open_for(self, ask: Ask, sockets: ExitStack) -> UdpPort | None:
        try:
            port = self._door.udp_on(self._egress)
        except OSError as error:
            self._note(ask, f"{_LINK_DOWN}: {error.strerror}")
            return None
        sockets.enter_context(reading(port, self._taker((ask.probe,), ask.datagram)))
        return port

    def _taker(self, probes: tuple[str, ...], request: Datagram | None) -> Take:
        def take(payload: bytes, source: str, source_port: int) -> None:
            if source == self._interface.address and payload in self._own_payloads:
                return
            here = self._interface
            reply = Reply(source, source_port, (payload,), rfc3339(now()), here.address, here.name)
            self._arrived(Arrival(probes, request, reply))

        return take

    async def _repeat(self, ask: Ask, port: UdpPort, squeeze: float, listen: float) -> None:
        ports = self._sources(ask.datagram, port)
        begun = asyncio.get_running_loop().time()
        for offset in _OFFSETS[: ask.datagram.repeats]:
            await asyncio.sleep(begun + offset * squeeze - asyncio.get_running_loop().time())
            problems = [await self._send(ask.datagram, via, group) for via in ports for group in self._targets(ask)]
            if all(problems):
                self._note(ask, str(problems[0]))
                return
        await asyncio.sleep(listen)

    def _sources(self, datagram: Datagram, port: UdpPort) -> list[UdpPort]:
        bound = self._bound.get(datagram.bind or 0)
        if bound is None:
            return [port]
        return [port, bound] if datagram.from_both else [bound]

    async def _send(self, datagram: Datagram, via: UdpPort, group: str) -> str | None:
        await self._pacer.packet()
        return await patiently(lambda: via.send_group(datagram.payload, group, datagram.port))

    def _targets(self, ask: Ask) -> list[str]:
        """A broadcast goes to all ones and to the subnet's own broadcast address: devices differ."""
        group = str(ask.datagram.group)
        if group == LIMITED_BROADCAST and self._interface.broadcast.endswith(".255"):
            return [group, self._interface.broadcast]
        return [group]

    def _note(self, ask: Ask, reason: str) -> None:
        self._unsent.append(Unsent(ask.probe, self._interface.label, reason))


def _groups(datagram: Datagram) -> list[str]:
    """Multicast groups to be a member of: the asked one, and where else the answers go."""
    asked = [datagram.group] if datagram.group and datagram.group != LIMITED_BROADCAST else []
    return [*asked, *datagram.listen_groups]
