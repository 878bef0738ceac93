"""The wire: all that the program sends goes through one of these, behind one gate and one limiter."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property

from netaudit.evidence.frames.heard import Finding
from netaudit.net.connects import ConnectScan, Decided
from netaudit.net.dialogue import hold
from netaudit.net.directed import Directed, exchange
from netaudit.net.exchange import Datagram, Dialogue
from netaudit.net.frame_port import SynPort
from netaudit.net.interfaces import Interface, interfaces_in_scope, on_link
from netaudit.net.neighbour_port import NeighbourPort, Patch
from netaudit.net.outcome import Outcome
from netaudit.net.overhear import FrameAsk, overhear
from netaudit.net.pacer import Pacer
from netaudit.net.segment import Segment
from netaudit.net.sockets import Door
from netaudit.net.syn_frames import Lane
from netaudit.net.syn_scan import SynHow, SynScan
from netaudit.net.udp import Arrived, Ask, Sent
from netaudit.scope.gate import Gate, plain_address


class Wire:
    """The real transport of one run. Use it inside a running event loop."""

    def __init__(self, gate: Gate) -> None:
        self.pacer = Pacer(gate.scope.limits)
        self._door = Door(gate)
        self._gate = gate
        self._lingering = ExitStack()

    @property
    def packets(self) -> int:
        """Packets of ours so far: sent or booked."""
        return self.pacer.packets

    @property
    def turned_away(self) -> frozenset[str]:
        """Hosts for which our own kernel would not send, however often it was tried."""
        return frozenset(self._door.turned_away.hosts)

    def hush(self) -> None:
        """Hear no late answers any more. Call it when the run ends."""
        self._lingering.close()

    def mind_neighbours(self, hosts: frozenset[str]) -> bool:
        """Know that these hosts are on our own links; True when the kernel cannot talk to all of them at a time."""
        return self.pacer.mind_neighbours(hosts)

    def note_neighbours(self) -> None:
        """Count the hosts that the kernel has met by now as touched: their entries take room until they age."""
        self.pacer.note_neighbours()

    async def dialogue(self, address: str, dialogue: Dialogue) -> Outcome:
        """Hold one TCP dialogue with one host."""
        return await hold(self._door, self.pacer, address, dialogue)

    async def exchange(self, address: str, datagram: Datagram, wait: float = 1.5) -> Outcome:
        """Ask one host one thing by UDP."""
        return await exchange(self._door, self.pacer, address, datagram, wait)

    async def announce(self, interface: Interface, asks: Sequence[Ask], window: float, arrived: Arrived) -> Sent:
        """Ask one segment and hear for `window` s; `arrived` is called as answers come."""
        segment = Segment(self._door, self.pacer, interface, arrived)
        await segment.ask(asks, window)
        return segment.sent

    async def overhear(
        self, interface: Interface, asks: Sequence[FrameAsk], window: float, take: Callable[[Finding], None]
    ) -> Sent:
        """Ask a link by frames and hear it for `window` s. Raises OSError where that is not allowed or possible."""
        return await overhear(self._door, self.pacer, interface, asks, window, take)

    async def directed(
        self,
        targets: Sequence[str],
        asks: Sequence[Ask],
        arrived: Arrived,
        *,
        tries: int = 2,
        wait: float = 2.0,
        linger: bool = False,
        asked: Callable[[], None] = lambda: None,
    ) -> Sent:
        """Ask many single addresses by UDP; `arrived` is called as answers come, with `linger` until `hush`.

        `asked`: called once, when the last round is out and the answers to the first have had a moment.
        """
        directed = Directed(self._door, self.pacer, arrived, self._source_of, self._lingering if linger else None)
        await directed.ask(targets, asks, tries=tries, wait=wait, asked=asked)
        return directed.sent

    async def connect_scan(
        self,
        targets: Iterable[tuple[str, int]],
        decided: Decided,
        patience: float = 2.5,
    ) -> None:
        """Find out which (address, port) are open; `decided` is called once for each."""
        await ConnectScan(self._door, self.pacer, decided, patience).scan(targets)

    def _source_of(self, target: str) -> str:
        here = on_link(plain_address(target), self._interfaces)
        return here.address if here else ""

    @cached_property
    def _interfaces(self) -> tuple[Interface, ...]:
        return interfaces_in_scope(self._gate.scope)[0]

    def syn(self, lane: Lane) -> SynPort:
        """Open a stateless TCP sweep on one lane. Raises PermissionError without CAP_NET_RAW."""
        return self._door.syn(lane, secrets.token_bytes(32))

    def source_for(self, address: str) -> str:
        """Return the address of ours that packets to this one leave from, "" where there is no way."""
        return self._door.source_for(address)

    async def syn_scan(
        self, port: SynPort, plan: Mapping[str, Sequence[int]], macs: Mapping[str, bytes], decided: Decided, how: SynHow
    ) -> SynScan:
        """Find out which of these are open; `decided` is called once for each."""
        scan = SynScan(port, self.pacer, decided, self._gate.scope.limits, how)
        await scan.scan(plan, macs)
        return scan

    def neighbours(self, interface: Interface, template: bytes, patch: Patch) -> NeighbourPort:
        """Open a packet socket that asks a link who is there, by ARP or by neighbour discovery, as the template says.

        Raises PermissionError without CAP_NET_RAW.
        """
        return self._door.neighbours(interface.name.partition(":")[0], template, patch)
