"""From what a file tells to an observation: where it belongs, where it came from, and whether the scope has it.

An address outside the written scope is kept where it is private - another network of the same owner that the scope
forgot - and marked; a public one is some host of the internet that a capture passed by, and is left out. Nothing is
ever sent to either.
"""

from collections import Counter
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any, Final

from netaudit.evidence.observation import Observation, observe
from netaudit.intake.model import Told
from netaudit.intake.source import Source
from netaudit.scope.gate import plain_address
from netaudit.scope.model import Scope

_BLOCK: Final = {4: 24, 6: 64}


@dataclass(slots=True)
class Placer:
    """Makes observations under one scope; without one every private address counts as inside.

    `outside`: private addresses beyond it, by their /24 or /64, and how many each. `public`: how many public addresses
    beyond it were left out.
    """

    scope: Scope | None
    sensor: str = ""
    _outside: dict[str, set[str]] = field(default_factory=dict)
    _public: set[str] = field(default_factory=set)

    def place(self, told: Told, source: Source, format_name: str) -> Observation | None:
        """Return the observation, None for a public address outside the scope."""
        target: dict[str, Any] = dict(told.target)
        via: dict[str, Any] = {"file": source.name, "file_sha256": source.digest, "row": told.row}
        if self.sensor:
            via["sensor"] = self.sensor
        ip = target.get("ip")
        if isinstance(ip, str) and not self._locate(ip, target, via):
            return None
        return observe(
            told.kind, told.at or source.at, target, origin=f"import:{format_name}", via=via, raw=told.raw,
            fields=told.fields,
        )  # fmt: skip

    @property
    def outside(self) -> Counter[str]:
        """Network to the number of private addresses in it that the scope does not have."""
        return Counter({block: len(addresses) for block, addresses in self._outside.items()})

    @property
    def public(self) -> int:
        """How many public addresses were left out."""
        return len(self._public)

    def _locate(self, ip: str, target: dict[str, Any], via: dict[str, Any]) -> bool:
        address = plain_address(ip)
        network = self.scope.network_of(address) if self.scope else None
        if network is not None:
            if network.site:
                target["site"] = network.site
            return True
        if address.is_global:
            self._public.add(ip)
            return False
        if self.scope is None:
            return True
        block = ip_network((address, _BLOCK[address.version]), strict=False)
        self._outside.setdefault(str(block), set()).add(ip)
        via["outside_scope"] = True
        return True
