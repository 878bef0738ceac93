"""The TCP sweep by ordinary connections: who accepts or refuses lives; who does neither is silent."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from netaudit.net.connects import Verdict
from netaudit.net.transport import Transport

# Hosts on one link at a time: the kernel's neighbour table holds 1,024 by default (testbed.md 4, traps).
_ON_LINK_BATCH: Final = 400


@dataclass(slots=True)
class PortsOf:
    """What was found out about one address's ports. One small dictionary: a /16 has 65,536 of these."""

    verdicts: dict[int, Verdict] = field(default_factory=dict)

    @property
    def open(self) -> set[int]:
        """Ports that accepted."""
        return self._with("open")

    @property
    def closed(self) -> set[int]:
        """Ports that refused."""
        return self._with("closed")

    @property
    def silent(self) -> set[int]:
        """Ports without an answer; "unreachable" is a router's word for silence."""
        return self._with("silent", "unreachable")

    @property
    def unsent(self) -> set[int]:
        """Ports that could not be tried."""
        return self._with("not_sent")

    @property
    def tried(self) -> set[int]:
        """Ports that were really tried."""
        return self._with("open", "closed", "silent", "unreachable")

    @property
    def settled(self) -> set[int]:
        """Ports that answered: nothing more is to be learnt."""
        return self._with("open", "closed")

    @property
    def alive(self) -> bool:
        """True when the host itself answered on at least one port."""
        return any(verdict in ("open", "closed") for verdict in self.verdicts.values())

    def note(self, port: int, verdict: Verdict) -> None:
        """Keep one verdict; a later one counts, unless the port had answered before."""
        if self.verdicts.get(port) not in ("open", "closed"):
            self.verdicts[port] = verdict

    def join(self, other: "PortsOf") -> None:
        """Take over what a later try found."""
        for port, verdict in other.verdicts.items():
            self.note(port, verdict)

    def _with(self, *wanted: Verdict) -> set[int]:
        return {port for port, verdict in self.verdicts.items() if verdict in wanted}


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


def spread(plan: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, int]]:
    """Pairs in the polite order: every host once before any host again, in batches that fit the neighbour table."""
    addresses = list(plan)
    for start in range(0, len(addresses), _ON_LINK_BATCH):
        batch = addresses[start : start + _ON_LINK_BATCH]
        for turn in range(max((len(plan[address]) for address in batch), default=0)):
            for address in batch:
                if turn < len(plan[address]):
                    yield address, plan[address][turn]
