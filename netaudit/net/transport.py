"""What a scan needs of the wire: the real one and the replay are used alike."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from netaudit.evidence.frames.heard import Finding
from netaudit.net.connects import Decided
from netaudit.net.exchange import Datagram, Dialogue
from netaudit.net.interfaces import Interface
from netaudit.net.outcome import Outcome
from netaudit.net.overhear import FrameAsk
from netaudit.net.udp import Arrived, Ask, Sent


class Transport(Protocol):
    """The surface of `Wire` and `Replay`. Nothing here raises for what the network does."""

    @property
    def packets(self) -> int:
        """Packets of ours so far."""

    @property
    def turned_away(self) -> frozenset[str]:
        """Hosts for which our own kernel would not send, however often it was tried."""

    def hush(self) -> None:
        """Hear no late answers any more."""

    def mind_neighbours(self, hosts: frozenset[str]) -> bool:
        """Know that these hosts are on our own links; True when the kernel cannot talk to all of them at a time."""

    async def dialogue(self, address: str, dialogue: Dialogue) -> Outcome:
        """Hold one TCP dialogue with one host."""

    async def exchange(self, address: str, datagram: Datagram, wait: float = 1.5) -> Outcome:
        """Ask one host one thing by UDP."""

    async def announce(self, interface: Interface, asks: Sequence[Ask], window: float, arrived: Arrived) -> Sent:
        """Ask one segment and hear for `window` s; `arrived` is called as answers come."""

    async def overhear(
        self, interface: Interface, asks: Sequence[FrameAsk], window: float, take: Callable[[Finding], None]
    ) -> Sent:
        """Ask a link by frames and hear it for `window` s. Raises OSError where that is not allowed or possible."""

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

    async def connect_scan(
        self,
        targets: Iterable[tuple[str, int]],
        decided: Decided,
        patience: float = 2.5,
    ) -> None:
        """Find out which (address, port) are open; `decided` is called once for each."""
