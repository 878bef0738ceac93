"""A wire that was recorded: the surface of `Wire` over bytes, so that what is above it is tested without a socket."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from netaudit.evidence.frames.heard import Finding
from netaudit.net.connects import Decided, Verdict
from netaudit.net.exchange import Datagram, Dialogue, Reply, Request
from netaudit.net.interfaces import Interface
from netaudit.net.outcome import Outcome
from netaudit.net.overhear import FrameAsk
from netaudit.net.udp import Arrival, Arrived, Ask, Sent

REPLAYED_AT: Final = "2026-11-23T10:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One host as it was heard.

    `tcp`: port to the answers of each dialogue on it, in the order they are asked for (the last one repeats); a port
    that is there is open. `udp`: port to the datagrams it answers. `closed`: ports that refuse; all others are silent.
    """

    tcp: Mapping[int, Sequence[bytes]] = field(default_factory=dict)
    udp: Mapping[int, Sequence[bytes]] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()


@dataclass(slots=True)
class Replay:
    """A transport over recorded hosts. `asked`: every request that was made, with its address, in order."""

    hosts: Mapping[str, Recorded]
    packets: int = 0
    asked: list[tuple[str, Request]] = field(default_factory=list)
    turned_away: frozenset[str] = frozenset()

    def hush(self) -> None:
        """Nothing is late here."""

    def mind_neighbours(self, hosts: frozenset[str]) -> bool:
        """Nothing to mind: recorded hosts need no kernel."""
        return False

    async def dialogue(self, address: str, dialogue: Dialogue) -> Outcome:
        """Give the next recorded answer of that port."""
        # Like a real wire it gives the others their turn.
        await asyncio.sleep(0)
        before = sum(1 for ip, made in self.asked if ip == address and made.port == dialogue.port)
        self._note(address, dialogue)
        answers = self._host(address).tcp.get(dialogue.port)
        if answers is None:
            refused = dialogue.port in self._host(address).closed
            return Outcome("refused", "connection refused", reached=True) if refused else Outcome("timeout", "replayed")
        if not answers:
            return Outcome("silent", "closed without an answer", reached=True)
        answer = answers[min(before, len(answers) - 1)]
        return Outcome("answered", "", self._reply(address, dialogue.port, answer), True, 0, len(answer))

    async def exchange(self, address: str, datagram: Datagram, wait: float = 1.5) -> Outcome:
        """Give the first recorded datagram of that port."""
        self._note(address, datagram)
        answers = self._host(address).udp.get(datagram.port, ())
        if not answers:
            return Outcome("silent", "no answer")
        return Outcome("answered", "", self._reply(address, datagram.port, answers[0]), True, 0, len(answers[0]))

    async def announce(self, interface: Interface, asks: Sequence[Ask], window: float, arrived: Arrived) -> Sent:
        """Let every recorded host answer that speaks the protocol."""
        for ask in asks:
            for address in self.hosts:
                self._answer(address, ask, arrived)
        return Sent()

    async def overhear(
        self, interface: Interface, asks: Sequence[FrameAsk], window: float, take: Callable[[Finding], None]
    ) -> Sent:
        """Nobody says anything: frames are not recorded."""
        return Sent()

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
        """Let those targets answer that were recorded."""
        for ask in asks:
            for address in targets:
                self._note(address, ask.datagram)
                self._answer(address, ask, arrived)
        asked()
        return Sent()

    async def connect_scan(
        self,
        targets: Iterable[tuple[str, int]],
        decided: Decided,
        patience: float = 2.5,
    ) -> None:
        """Decide by what was recorded."""
        for address, port in targets:
            self.packets += 1
            decided(address, port, self._verdict(address, port))

    def _verdict(self, address: str, port: int) -> Verdict:
        host = self._host(address)
        if port in host.tcp:
            return "open"
        return "closed" if port in host.closed else "silent"

    def _answer(self, address: str, ask: Ask, arrived: Arrived) -> None:
        for answer in self._host(address).udp.get(ask.datagram.port, ()):
            arrived(Arrival((ask.probe,), ask.datagram, self._reply(address, ask.datagram.port, answer)))

    def _note(self, address: str, request: Request) -> None:
        self.packets += 1
        self.asked.append((address, request))

    def _host(self, address: str) -> Recorded:
        return self.hosts.get(address, Recorded())

    @staticmethod
    def _reply(address: str, port: int, answer: bytes) -> Reply:
        return Reply(address, port, (answer,), REPLAYED_AT)
