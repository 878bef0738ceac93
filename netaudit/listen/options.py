"""What a caller gives to a listening run and what it gets back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from netaudit.evidence.observation import Observation
from netaudit.evidence.run import RunStatus


class Log(Protocol):
    """What listening needs of the run's log; `netaudit.evidence.log.RunLog` is one."""

    def observation(self, observation: Observation) -> bool:
        """Append; False when the same evidence is already there."""

    def attempt(self, record: Mapping[str, Any]) -> None:
        """Append one attempt."""


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """How to listen. `seconds`: None until stopped. `interfaces`: names; empty for all links in scope.

    `join`: become a member of the discovery groups, which makes the kernel send reports of that (IGMP, MLD).
    `everything`: hear also what is addressed to others (a mirror port). `sensor`: name of this machine.
    """

    seconds: float | None = None
    interfaces: tuple[str, ...] = ()
    join: bool = False
    everything: bool = False
    sensor: str = ""


@dataclass(frozen=True, slots=True)
class ListenProgress:
    """Where a listening run stands. `elapsed`, `seconds`: s; `messages`: of devices; `kept`: observations.

    `units`: who spoke; `outside`: speakers outside the written scope.
    """

    elapsed: float
    seconds: float | None
    messages: int
    kept: int
    units: int
    outside: int
    phase: str = "listen"


@dataclass(frozen=True, slots=True)
class ListenOutcome:
    """How listening ended. `losses`: readable sentences about what could not be heard, and why."""

    status: RunStatus
    losses: tuple[str, ...]
    units: int
    interfaces: tuple[str, ...]
