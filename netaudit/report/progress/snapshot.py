"""One run as progress sees it: its units with their leading verdicts, and where it looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

from netaudit.evidence.run import RunInfo
from netaudit.identify.device import Device
from netaudit.policy.finding import Status
from netaudit.policy.lead import binds, lead
from netaudit.report.verdict import is_unit
from netaudit.scope.model import Scope

BANNED: Final = frozenset({"covered", "likely"})
"""Verdicts of units that have to go, as far as is known."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A device of a run with its leading verdict."""

    device: Device
    status: Status

    @property
    def banned(self) -> bool:
        """True where a policy that binds names the maker, for certain or likely."""
        return self.status in BANNED

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Site and address, for each address."""
        return tuple((self.device.site, address) for address in self.device.addresses)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run: who and when, the units of its camera schedule, and the scope it looked at."""

    info: RunInfo
    scope: Scope
    units: tuple[Unit, ...]

    @property
    def date(self) -> str:
        """ISO day of the run."""
        return self.info.started[:10]

    def looked_at(self, unit: Unit) -> bool:
        """True where a whole run had one of the unit's addresses in its scope: silence there means something."""
        return self.info.status == "complete" and any(self._holds(text) for text in unit.device.addresses)

    def _holds(self, text: str) -> bool:
        try:
            return self.scope.network_of(ip_address(text)) is not None
        except ValueError:
            return False


def snapshot(info: RunInfo, scope: Scope, devices: Iterable[Device], findings: Iterable[Mapping[str, Any]]) -> Snapshot:
    """Return the snapshot of a run from its devices and the rows of its findings.jsonl."""
    met: dict[str, list[Status]] = {}
    for row in findings:
        if binds(bool(row.get("duty")), row.get("binds_owner")):
            met.setdefault(str(row.get("device")), []).append(row["status"])
    units = ((device, lead(met.get(device.device, ()))) for device in devices)
    return Snapshot(info, scope, tuple(Unit(device, status) for device, status in units if is_unit(device, status)))
