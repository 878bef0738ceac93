"""What a caller gives to a scan and what it gets back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from netaudit.evidence.observation import Observation
from netaudit.evidence.run import RunStatus
from netaudit.scope.model import Credential

Engine: TypeAlias = Literal["auto", "syn", "connect", "nmap"]
"""Who sweeps. syn: frames of our own, needs the right to send them; auto: syn where that is so, else connect."""

Phase: TypeAlias = Literal["tables", "discover", "ports", "directed", "questions", "done"]


class Log(Protocol):
    """What the scan needs of the run's log; `netaudit.evidence.log.RunLog` is one."""

    @property
    def observations(self) -> Sequence[Observation]:
        """What was in the log when it was opened."""

    @property
    def attempts(self) -> Sequence[Mapping[str, Any]]:
        """Likewise, the attempts."""

    def observation(self, observation: Observation) -> bool:
        """Append; False when the same evidence is already there."""

    def attempt(self, record: Mapping[str, Any]) -> None:
        """Append one attempt."""


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to run. Times in seconds.

    `window`: how long each segment is listened to; `connect_patience`: how long a silent port is waited for (above 2
    the kernel repeats a lost packet once); `secret`: resolves a credential to its password, None where it cannot.
    `directed_wait`: how long single addresses are waited for after the last round (protocol sheet: 3 to 5 s).
    `seed`: decides the order in which addresses are asked; the same for a resumed run.
    `experimental`: also ask by protocols that one source only describes.
    `maker_of`: names the maker behind what one host said ("" not known), for credentials bound to a maker.
    `tables_only`: read the tables of the owner's switches and routers, and ask nobody else.
    `hosts_at_once`: conversations in flight, at most one a host.
    """

    engine: Engine = "auto"
    sensor: str = ""
    seed: str = ""
    window: float = 6.0
    connect_patience: float = 2.5
    directed_wait: float = 3.0
    hosts_at_once: int = 256
    experimental: bool = False
    secret: Callable[[Credential], str | None] | None = None
    tables_only: bool = False
    maker_of: Callable[[Sequence[Observation]], str] | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands. `done` of `total` in this phase; `found`: living hosts; `rate`: packets/s lately.

    `eta`: seconds to the end of the run, None while that cannot be said.
    """

    phase: Phase
    done: int
    total: int
    found: int
    rate: float
    eta: float | None
    packets: int


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended. `losses`: readable sentences about what could not be seen, and why."""

    status: RunStatus
    losses: tuple[str, ...]
    packets: int
    hosts: int
    interfaces: tuple[str, ...]
