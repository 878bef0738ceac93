"""The ports of a switch as people know them: interface names, descriptions, what they are, the switch's own MACs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netaudit.evidence.fields import text
from netaudit.probes.snmp_agent import Agent
from netaudit.probes.snmp_message import Value

_AGGREGATE: Final = 161
"""ifType of a bundle of links (IANAifType): no camera hangs on one."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Interface index to name, alias, type and MAC; bridge port number to interface index."""

    names: Mapping[int, str]
    aliases: Mapping[int, str]
    types: Mapping[int, int]
    macs: Mapping[int, str]
    bridge: Mapping[int, int]

    def name(self, index: int) -> str:
        """Return the name of an interface, its number where it has none."""
        return self.names.get(index, str(index))

    def bridge_name(self, number: int) -> str:
        """Return the name of a bridge port: without a table of them, bridge ports number like interfaces."""
        return self.name(self.bridge.get(number, number))

    def known(self, name: str) -> str:
        """Return `name` where an interface is called so, else ""."""
        return name if name in self.names.values() else ""

    def aggregates(self) -> tuple[str, ...]:
        """Names of the link aggregates."""
        return tuple(self.name(index) for index, kind in self.types.items() if kind == _AGGREGATE)


def read_ports(agent: Agent) -> Ports:
    """Read the interfaces of an agent. Raises LoginRefusedError."""
    names = _texts(agent, "ifName") or _texts(agent, "ifDescr")
    macs = {index: mac for index, raw in _cells(agent, "ifPhysAddress") if (mac := mac_text(raw))}
    bridge = {number: index for number, index in _numbers(agent, "dot1dBasePortIfIndex").items() if index > 0}
    return Ports(_told_apart(names), _texts(agent, "ifAlias"), _numbers(agent, "ifType"), macs, bridge)


def _told_apart(names: Mapping[int, str]) -> dict[int, str]:
    """Two ports of one name are told apart by their numbers."""
    count = Counter(names.values())
    return {index: name if count[name] == 1 else f"{name} ({index})" for index, name in names.items()}


def _numbers(agent: Agent, column: str) -> dict[int, int]:
    return {index: value for index, value in _cells(agent, column) if isinstance(value, int)}


def _texts(agent: Agent, column: str) -> dict[int, str]:
    return {index: shown for index, value in _cells(agent, column) if (shown := shown_text(value))}


def _cells(agent: Agent, column: str) -> list[tuple[int, Value]]:
    return [(index[0], value) for index, value in agent.column(column).items() if len(index) == 1]


def mac_text(raw: Value) -> str:
    """Return six octets as aa:bb:cc:dd:ee:ff, "" for anything else."""
    return raw.hex(":") if isinstance(raw, bytes) and len(raw) == 6 else ""


def shown_text(raw: Value) -> str:
    """Return octets as a text for people, "" where they are none."""
    if not isinstance(raw, bytes):
        return ""
    shown = text(raw).strip("\0 \r\n\t")
    return shown if shown.isprintable() else "".join(c if c.isprintable() else " " for c in shown).strip()
