"""The TCP sweep: who accepts or refuses lives; who does neither is silent."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from netaudit.net.connects import Verdict
from netaudit.net.transport import Transport

# Hosts on one link at a time: the kernel's neighbour table holds 1,024 by default (testbed.md 4, traps).
_ON_LINK_BATCH: Final = 400


@dataclass(slots=True)
class PortsOf:
    """What was found out about one address's ports. `unsent`: ports that could not be tried."""

    open: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    unsent: set[int] = field(default_factory=set)

    @property
    def alive(self) -> bool:
        """True when the host itself answered on at least one port."""
        return bool(self.open or self.closed)

    def note(self, port: int, verdict: Verdict) -> None:
        """Keep one verdict; "unreachable" is a router's word for silence."""
        kept = {"open": self.open, "closed": self.closed, "not_sent": self.unsent}
        kept.get(verdict, self.silent).add(port)

    def join(self, other: "PortsOf") -> None:
        """Take over what a later try found."""
        self.open |= other.open
        self.closed |= other.closed
        self.silent |= other.silent
        self.unsent |= other.unsent

    @property
    def tried(self) -> set[int]:
        """Ports that were really tried."""
        return self.open | self.closed | self.silent


async def sweep_ports(
    transport: Transport,
    targets: Iterable[tuple[str, int]],
    note: Callable[[str, int, Verdict], None],
    patience: float = 2.5,
) -> dict[str, PortsOf]:
    """Try every (address, port); `note` hears each verdict as it comes. Only tried addresses are in the result."""
    found: dict[str, PortsOf] = {}

    def decided(address: str, port: int, verdict: Verdict) -> None:
        found.setdefault(address, PortsOf()).note(port, verdict)
        note(address, port, verdict)

    await transport.connect_scan(targets, decided, patience)
    return found


def spread(addresses: Sequence[str], ports: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Pairs in the polite order: every host once before any host again, in batches that fit the neighbour table."""
    for start in range(0, len(addresses), _ON_LINK_BATCH):
        batch = addresses[start : start + _ON_LINK_BATCH]
        for port in ports:
            for address in batch:
                yield address, port
