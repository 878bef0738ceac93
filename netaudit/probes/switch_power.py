"""What each port feeds over its cable: POWER-ETHERNET-MIB (RFC 3621) for the state, a maker's own for watts."""

import re
from collections.abc import Mapping
from typing import Final

from netaudit.evidence import tables
from netaudit.probes.snmp_agent import Agent
from netaudit.probes.snmp_message import Oid, Value, oid
from netaudit.probes.switch_ports import Ports
from netaudit.scope.snmp_tables import PowerColumn, snmp_tables

KIND: Final = "table.poe"
_STATES: Final = {1: "disabled", 2: "searching", 3: "delivering", 4: "fault", 5: "test", 6: "other fault"}
_IF_INDEX: Final = oid("1.3.6.1.2.1.2.2.1.1")
_MOST_WATTS: Final = 200.0
"""More than any power over Ethernet (IEEE 802.3bt: 90 W): a value above is no reading."""


def read_power(agent: Agent, ports: Ports, system: str, switch: str, address: str) -> list[tables.Row]:
    """Read state, class and watts of each powered port. `system`: the agent's sysObjectID. Raises LoginRefusedError."""
    states = agent.column("pethPsePortDetectionStatus")
    columns = [column for column in snmp_tables().power if f"{system}.".startswith(f"{column.enterprise}.")]
    if not states and not any(column.form == "ifindex" or column.form == "port" for column in columns):
        return []
    place = _Places(agent, ports, cisco=any(column.form == "peth" and ".9.9." in column.oid for column in columns))
    told: dict[str, dict[str, str]] = {}
    for index, value in states.items():
        if isinstance(value, int):
            told.setdefault(place.of("peth", index), {})["state"] = _STATES.get(value, str(value))
    for index, value in agent.column("pethPsePortPowerClassifications").items() if states else ():
        if isinstance(value, int) and 1 <= value <= 5:
            told.setdefault(place.of("peth", index), {})["class"] = str(value - 1)
    for column in columns:
        for index, watts in _watts(agent, column).items():
            told.setdefault(place.of(column.form, index), {})["watts"] = watts
    return [
        tables.Row(KIND, {"ip": address}, {"switch": switch, "port": port, **fields, "source": switch})
        for port, fields in told.items()
        if port
    ]


def _watts(agent: Agent, column: PowerColumn) -> Mapping[Oid, str]:
    """Readings above 0; a delivering port of less is a port whose reading is not known."""
    cells = agent.column(column.name).items()
    found = {index: value * column.watts for index, value in cells if isinstance(value, int) and value > 0}
    return {index: f"{watts:.1f}" for index, watts in found.items() if watts <= _MOST_WATTS}


class _Places:
    """Which port a row of a power table is. Group and port of RFC 3621 are not interface numbers: makers differ."""

    def __init__(self, agent: Agent, ports: Ports, *, cisco: bool) -> None:
        self._ports = ports
        self._physical: Mapping[Oid, Value] = agent.column("cpeExtPsePortEntPhyIndex") if cisco else {}
        self._interfaces = _interface_of_entity(agent) if self._physical else {}

    def of(self, form: str, index: Oid) -> str:
        """Return the port's name, "" where it cannot be told."""
        if form == "ifindex":
            return self._ports.name(index[-1]) if index else ""
        group, number = (index[0], index[1]) if len(index) == 2 else (1, index[-1] if index else 0)
        entity = self._physical.get(index)
        if isinstance(entity, int) and entity in self._interfaces:
            return self._ports.name(self._interfaces[entity])
        return self._by_name(group, number) or self._by_number(number)

    def _by_name(self, group: int, number: int) -> str:
        """Name like Gi1/0/7, ge-0/0/7, 1/7: the group first and the port last; or, for a lone group, just the port."""
        patterns = (rf"\D*{group}/(?:\d+/)*{number}", rf"\D*{group - 1}/(?:\d+/)*{number}", rf"\D*0*{number}")
        for pattern in patterns:
            fitting = [
                name
                for index, name in self._ports.names.items()
                if self._ports.types.get(index, 6) in (6, 117) and re.fullmatch(pattern, name)
            ]
            if len(fitting) == 1:
                return fitting[0]
        return ""

    def _by_number(self, number: int) -> str:
        return self._ports.names.get(number, "") or (
            self._ports.bridge_name(number) if number in self._ports.bridge else ""
        )


def _interface_of_entity(agent: Agent) -> dict[int, int]:
    """ENTITY-MIB: physical index to interface index."""
    found: dict[int, int] = {}
    for index, value in agent.column("entAliasMappingIdentifier").items():
        if index and isinstance(value, tuple) and value[: len(_IF_INDEX)] == _IF_INDEX and len(value) > len(_IF_INDEX):
            found[index[0]] = value[len(_IF_INDEX)]
    return found
