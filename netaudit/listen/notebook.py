"""What is written down of what is heard: the scope bounds it, repetitions and floods are cut."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from netaudit.clock import now, rfc3339
from netaudit.evidence.frames.heard import Finding
from netaudit.evidence.observation import Observation, observe
from netaudit.listen.options import Log
from netaudit.scope.foreign import may_be_on_link
from netaudit.scope.gate import plain_address
from netaudit.scope.model import Address, Scope

PROBE: Final = "listen"
VERSION: Final = 1

# A device says what it has to say in a few messages of a kind; the rest is a fault or a flood.
KEPT_A_SPEAKER: Final = 20
MOST_SPEAKERS: Final = 50_000
FOREIGN_NAMED: Final = 256
_OUTSIDERS_COUNTED: Final = 65_536
# What changes with every message, though it says the same.
_PASSING: Final = frozenset({"Uuid", "header.date", "uptime", "sequence", "ttl"})
# A unit that is set up for another subnet shows itself by these; ARP or DHCP of a stranger say nothing of a camera.
_NOT_OF_STRANGERS: Final = frozenset({"link.mac", "dhcp.lease", "snmp.system"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was heard. `source_ip`: our address there; `site`: of the link's own network, "" unknown.

    `vlan`: of the interface itself, 0 for none. `trusted`: the link is in scope, or the caller named it.
    """

    link: str
    source_ip: str = ""
    site: str = ""
    vlan: int = 0
    trusted: bool = True


@dataclass(slots=True)
class Notebook:
    """Turns findings into observations of the origin "passive". `broken`: why nothing is written any more.

    `kept`: observations by (link, kind). `outside`: addresses outside the scope; `excluded`: those left out of it;
    `foreign`: sentences about units of other subnets on our own links.
    """

    log: Log
    scope: Scope
    sensor: str
    stop: Callable[[str], None]
    kept: Counter[tuple[str, str]] = field(default_factory=Counter)
    units: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    excluded: set[str] = field(default_factory=set)
    foreign: dict[str, str] = field(default_factory=dict)
    crowded: bool = False
    broken: str = ""
    _said: set[int] = field(default_factory=set)
    _speakers: Counter[tuple[str, str]] = field(default_factory=Counter)

    def hear(self, finding: Finding, place: Place) -> None:
        """Take one finding: kept, or counted as outside the scope. Never raises."""
        target = self._target(finding, place)
        if target is None or self.broken:
            return
        speaker = finding.mac or str(target.get("ip", ""))
        if not self._has_room(finding.kind, speaker):
            return
        made = self._observation(finding, place, target)
        if made.raw is not None and not made.fields:
            return
        content = hash((finding.kind, speaker, target.get("ip"), _lasting(made)))
        if content not in self._said:
            self._said.add(content)
            self._speakers[finding.kind, speaker] += 1
            self._write(made, place, speaker)

    def note(self, target: str, status: str, reason: str, started: str) -> None:
        """Write one attempt: how listening went on a link, or whom it met outside the scope."""
        if self.broken:
            return
        record = {"probe": PROBE, "target": target, "status": status, "reason": reason, "started": started}
        try:
            self.log.attempt(record | {"ended": rfc3339(now()), "sent": 0, "received": 0})
        except OSError as error:
            self._break(error)

    def _target(self, finding: Finding, place: Place) -> dict[str, Any] | None:
        """Return the target of an observation, None for what is not kept."""
        target: dict[str, Any] = finding.target()
        if place.vlan:
            target.setdefault("vlan", place.vlan)
        if not finding.ip:
            return self._on_link(target, place) if place.trusted else None
        address = plain_address(finding.ip)
        network = self.scope.network_of(address)
        if network is not None:
            return target | ({"site": network.site} if network.site else {})
        if address.version == 6 and address.is_link_local and place.trusted:
            # Such an address means nothing without the link that it is on.
            return self._on_link(target | {"ip": f"{address}%{place.link}"}, place)
        return self._stranger(finding, address, target, place)

    def _on_link(self, target: dict[str, Any], place: Place) -> dict[str, Any]:
        return target | ({"site": place.site} if place.site else {})

    def _stranger(
        self, finding: Finding, address: Address, target: dict[str, Any], place: Place
    ) -> dict[str, Any] | None:
        if self.scope.segment_of(address) is not None:
            self.excluded.add(finding.ip)
            return None
        told = place.trusted and finding.mac and finding.kind not in _NOT_OF_STRANGERS and may_be_on_link(address)
        if told and (finding.mac in self.foreign or len(self.foreign) < FOREIGN_NAMED):
            self._tell_of(finding, place)
            return self._on_link(target, place)
        if len(self.outside) < _OUTSIDERS_COUNTED:
            self.outside.add(finding.ip)
        return None

    def _tell_of(self, finding: Finding, place: Place) -> None:
        if finding.mac in self.foreign:
            return
        self.foreign[finding.mac] = (
            f"{finding.ip} ({finding.mac}) on {place.link} is set up for a subnet outside the written scope: "
            "it was heard there and is listed, but never asked"
        )
        self.note(finding.ip, "not_scheduled", self.foreign[finding.mac], rfc3339(now()))

    def _has_room(self, kind: str, speaker: str) -> bool:
        if (kind, speaker) in self._speakers:
            return self._speakers[kind, speaker] < KEPT_A_SPEAKER
        if len(self._speakers) < MOST_SPEAKERS:
            return True
        self.crowded = True
        return False

    def _observation(self, finding: Finding, place: Place, target: dict[str, Any]) -> Observation:
        via: dict[str, Any] = {"sensor": self.sensor, "interface": place.link, "source_ip": place.source_ip}
        via = {name: value for name, value in via.items() if value} | {"probe": PROBE, "version": VERSION}
        at, raw, fields = rfc3339(now()), finding.raw, finding.fields
        return observe(finding.kind, at, target, origin="passive", via=via, raw=raw, fields=None if raw else fields)

    def _write(self, made: Observation, place: Place, speaker: str) -> None:
        try:
            new = self.log.observation(made)
        except OSError as error:
            self._break(error)
            return
        if new:
            self.kept[place.link, made.kind] += 1
            self.units.add(speaker)

    def _break(self, error: OSError) -> None:
        self.broken = f"the log could not be written any more ({error.strerror or error}): listening was stopped"
        self.stop(self.broken)


def _lasting(made: Observation) -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    return tuple(sorted((name, value) for name, value in made.fields.items() if name not in _PASSING))
