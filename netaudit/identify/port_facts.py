"""What all tables together say of the ports of switches: who is seen on each, and which of them lead to other gear."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from netaudit.evidence.fields import every, first
from netaudit.evidence.observation import Observation
from netaudit.evidence.tables import MAC

PortOf: TypeAlias = tuple[str, str]
"""Switch and port, as the tables name them."""

NEIGHBOUR_KINDS: Final = ("switch.port", "table.neighbour")
_PASSES_ON: Final = frozenset({"bridge", "router", "wlan", "repeater"})
"""Abilities (LLDP, CDP) of gear that has further devices behind it."""
_BUNDLE: Final = re.compile(
    r"(?:po|port-?channel|bundle-ether|lag|ae|trk|bagg|bridge-aggregation|bond|bonding) ?\d{1,4}(?:\.\d+)?"
    r"|vPC Peer-Link(?:\(R\))?|nve\d+(?:\([\w.:]+\))?",
    re.IGNORECASE,
)
"""Names of ports that are several cables, or a tunnel, as printed tables of all makers call them."""
_PHONE: Final = "telephone"
"""A desk phone calls itself a bridge, for the one computer behind it: its port is still an edge."""


@dataclass(slots=True)
class PortFacts:
    """Everything that rows tell. `rows`: MAC to its rows; `own`: MAC of a switch that was read, to the switch."""

    on_port: dict[PortOf, set[str]] = field(default_factory=lambda: defaultdict(set))
    rows: dict[str, list[Observation]] = field(default_factory=lambda: defaultdict(list))
    own: dict[str, str] = field(default_factory=dict)
    bundles: set[PortOf] = field(default_factory=set)
    aliases: dict[PortOf, str] = field(default_factory=dict)
    power: dict[PortOf, Mapping[str, str]] = field(default_factory=dict)
    neighbours: dict[PortOf, list[Observation]] = field(default_factory=lambda: defaultdict(list))

    def uplinks(self) -> dict[PortOf, str]:
        """Return each port that leads to other network gear, with the reason."""
        found: dict[PortOf, str] = {}
        for port in sorted({*self.on_port, *self.neighbours, *self.bundles}):
            reason = self._bundle(port) or self._neighbour(port) or self._switch_behind(port)
            if reason:
                found[port] = reason
        return found

    def _bundle(self, port: PortOf) -> str:
        return "it bundles several links" if port in self.bundles or _BUNDLE.fullmatch(port[1]) else ""

    def _neighbour(self, port: PortOf) -> str:
        for heard in self.neighbours.get(port, ()):
            abilities = set(every(heard.fields, "abilities"))
            name = first(heard.fields, "lldp_system") or first(heard.fields, "mac") or "it"
            if first(heard.fields, "mac") in self.own:
                return f"{self.own[first(heard.fields, 'mac')]} hangs on it"
            if abilities & _PASSES_ON and _PHONE not in abilities:
                return f"{name} hangs on it and calls itself {', '.join(sorted(abilities & _PASSES_ON))}"
        return ""

    def _switch_behind(self, port: PortOf) -> str:
        behind = {self.own[mac] for mac in self.on_port.get(port, ()) if mac in self.own} - {port[0]}
        return f"{min(behind)} is seen through it" if behind else ""


def where(row: Observation) -> PortOf:
    """Return the port that a row is about."""
    return (first(row.fields, "switch") or first(row.fields, "source"), first(row.fields, "port"))


def gather(observations: Iterable[Observation]) -> PortFacts:
    """Gather what all rows say, in whatever order they come; of two words on the same thing the later stands."""
    facts = PortFacts()
    for row in sorted(filter(_tells, observations), key=lambda row: (row.at, row.id)):
        _TAKERS[row.kind](facts, row)
    return facts


def _tells(row: Observation) -> bool:
    return row.kind in _TAKERS


def _forwarding(facts: PortFacts, row: Observation) -> None:
    mac = first(row.fields, "mac")
    if mac and first(row.fields, "port"):
        facts.on_port[where(row)].add(mac)
        facts.rows[mac].append(row)


def _switch(facts: PortFacts, row: Observation) -> None:
    switch = first(row.fields, "switch")
    facts.own.update((mac, switch) for mac in every(row.fields, "own_macs"))
    facts.bundles.update((switch, port) for port in every(row.fields, "aggregates"))
    for text in every(row.fields, "named_ports"):
        port, _, alias = text.partition("=")
        facts.aliases[switch, port] = alias


def _power(facts: PortFacts, row: Observation) -> None:
    facts.power[where(row)] = {name: first(row.fields, name) for name in ("state", "class", "watts")}


def _neighbour(facts: PortFacts, row: Observation) -> None:
    if first(row.fields, "protocol"):
        facts.neighbours[where(row)].append(row)


_TAKERS: Final = {
    MAC: _forwarding,
    "table.switch": _switch,
    "table.poe": _power,
    "switch.port": _neighbour,
    "table.neighbour": _neighbour,
}
