"""Where a MAC hangs: of all the ports that show it, the one that shows the fewest others. The rest are uplinks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from netaudit.evidence.fields import first
from netaudit.evidence.observation import Observation
from netaudit.evidence.tables import MAC

MOST_ON_AN_EDGE: Final = 10
"""A port with more MACs than a small switch behind it explains is an uplink, and no place of a camera."""


class EdgePort(NamedTuple):
    """One port of one switch. `observation`: the row that shows the MAC there. `others`: further MACs on the port."""

    switch: str
    port: str
    vlan: str
    observation: str
    others: int


def edge_ports(observations: Iterable[Observation]) -> Mapping[str, EdgePort]:
    """Return MAC to the port it hangs on, from rows of forwarding tables; MACs that only uplinks show are left out."""
    on_port: dict[tuple[str, str], set[str]] = defaultdict(set)
    rows: dict[str, list[Observation]] = defaultdict(list)
    for row in observations:
        if row.kind == MAC and (mac := first(row.fields, "mac")) and first(row.fields, "port"):
            on_port[_where(row)].add(mac)
            rows[mac].append(row)
    found = {mac: _edge(shown, on_port) for mac, shown in rows.items()}
    return {mac: edge for mac, edge in found.items() if edge.others < MOST_ON_AN_EDGE}


def _where(row: Observation) -> tuple[str, str]:
    return (first(row.fields, "switch") or first(row.fields, "source"), first(row.fields, "port"))


def _edge(rows: Iterable[Observation], on_port: Mapping[tuple[str, str], set[str]]) -> EdgePort:
    # Of equal ones the latest row stands, then the id: the order of the lines must not matter.
    latest = sorted(rows, key=lambda row: (row.at, row.id), reverse=True)
    best = min(latest, key=lambda row: len(on_port[_where(row)]))
    switch, port = _where(best)
    return EdgePort(switch, port, first(best.fields, "vlan"), best.id, len(on_port[switch, port]) - 1)
