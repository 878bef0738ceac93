"""A switch or router of the owner's, read once by SNMP: who it is, its ports, its tables. Nothing is changed on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.evidence import tables
from netaudit.probes import switch_arp, switch_fdb, switch_neighbours, switch_power
from netaudit.probes.snmp_agent import Agent, AgentSilentError
from netaudit.probes.snmp_message import Value
from netaudit.probes.switch_ports import Ports, mac_text, read_ports, shown_text

NAME: Final = "switch_tables"
VERSION: Final = 1
SWITCH_KIND: Final = "table.switch"
SYSTEM_KIND: Final = "snmp.system"
_CISCO: Final = "1.3.6.1.4.1.9."


@dataclass(frozen=True, slots=True)
class Reading:
    """What an agent gave. `notes`: sentences about what it did not give to the end."""

    rows: Sequence[tables.Row]
    notes: Sequence[str]


def read_tables(agent: Agent, address: str, role: str, name: str = "") -> Reading:
    """Read everything. `name`: the owner's name for it, else its own with its address.

    Raises AgentSilentError where it does not answer at all, and LoginRefusedError.
    """
    told = agent.get("sysDescr", "sysObjectID", "sysName")
    if not told:
        raise AgentSilentError
    system = _system(told)
    label = name or (f"{system['sysName']} ({address})" if system.get("sysName") else address)
    cisco = f"{system.get('sysObjectID', '')}.".startswith(_CISCO)
    ports = read_ports(agent)
    learned = switch_fdb.read_forwarding(agent, ports, by_vlan=cisco)
    neighbours = switch_neighbours.read_neighbours(agent, ports, cdp=cisco)
    rows = [
        tables.Row(SYSTEM_KIND, {"ip": address}, system),
        tables.Row(SWITCH_KIND, {"ip": address}, _switch(agent, ports, label, role)),
        *switch_arp.read_arp(agent, ports, label),
        *switch_fdb.rows(learned, label),
        *switch_neighbours.rows(neighbours, learned, label, address),
        *switch_power.read_power(agent, ports, system.get("sysObjectID", ""), label, address),
    ]
    return Reading(rows, tuple(agent.notes))


def _system(told: Mapping[str, Value]) -> dict[str, str]:
    root = told.get("sysObjectID")
    shown = {name: shown_text(value) for name, value in told.items() if isinstance(value, bytes)}
    shown |= {"sysObjectID": ".".join(map(str, root))} if isinstance(root, tuple) else {}
    return {name: text for name, text in shown.items() if text}


def _switch(agent: Agent, ports: Ports, label: str, role: str) -> dict[str, str | tuple[str, ...]]:
    """The switch itself: its MACs tell other switches' ports towards it from ports of cameras."""
    told = _leaves(agent)
    own = (*(mac_text(value) for value in told.values()), *ports.macs.values())
    return {
        "switch": label, "role": role,
        "own_macs": tuple(sorted({mac for mac in own if mac and mac != "00:00:00:00:00:00"})),
        "aggregates": ports.aggregates(),
        "named_ports": tuple(f"{ports.name(index)}={alias}" for index, alias in ports.aliases.items()),
    }  # fmt: skip


def _leaves(agent: Agent) -> dict[str, Value]:
    try:
        return agent.get("dot1dBaseBridgeAddress", "lldpLocChassisId")
    except AgentSilentError:
        return {}
