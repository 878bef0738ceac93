"""Where a MAC hangs: of the ports that show it and lead to no other network gear, the one that shows the fewest others.

A port is an uplink where its neighbour says that it passes frames on (LLDP, CDP), where the MAC of another switch is
seen through it, where it bundles links, or where it shows more MACs than a small switch behind it explains.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from netaudit.evidence.fields import first
from netaudit.evidence.observation import Observation
from netaudit.identify.port_facts import PortFacts, PortOf, gather, where

MOST_ON_AN_EDGE: Final = 10
"""A port with more MACs than a small switch behind it explains is an uplink, and no place of a camera."""


class EdgePort(NamedTuple):
    """One port of one switch. `observation`: the row that shows the MAC there. `others`: further MACs on the port.

    `alias`: what the owner wrote on the port; `watts`: what it feeds (a number with one decimal), "" unknown.
    """

    switch: str
    port: str
    vlan: str
    observation: str
    others: int
    alias: str = ""
    watts: str = ""


def edge_ports(observations: Iterable[Observation]) -> Mapping[str, EdgePort]:
    """Return MAC to the port it hangs on, from rows of forwarding tables; MACs that only uplinks show are left out."""
    facts = gather(observations)
    uplinks = facts.uplinks()
    found = {mac: _edge(shown, facts, uplinks) for mac, shown in facts.rows.items() if mac not in facts.own}
    return {mac: edge for mac, edge in found.items() if edge is not None}


def _edge(rows: Iterable[Observation], facts: PortFacts, uplinks: Mapping[PortOf, str]) -> EdgePort | None:
    edges = [row for row in rows if where(row) not in uplinks and len(facts.on_port[where(row)]) <= MOST_ON_AN_EDGE]
    if not edges:
        return None
    # Of equal ones the latest row stands, then the id: the order of the lines must not matter.
    latest = sorted(edges, key=lambda row: (row.at, row.id), reverse=True)
    best = min(latest, key=lambda row: len(facts.on_port[where(row)]))
    port = where(best)
    watts = facts.power.get(port, {}).get("watts", "")
    others = len(facts.on_port[port]) - 1
    return EdgePort(*port, first(best.fields, "vlan"), best.id, others, facts.aliases.get(port, ""), watts)
