"""Which MAC a switch has seen on which port: Q-BRIDGE-MIB by VLAN, else BRIDGE-MIB, on Cisco once for each VLAN."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple

from netaudit.evidence import tables
from netaudit.probes.snmp_agent import Agent
from netaudit.probes.snmp_message import Oid, Value
from netaudit.probes.switch_ports import Ports

_OPERATIONAL: Final = 1
# Token ring and FDDI defaults that no port is in.
_NO_VLAN: Final = range(1002, 1006)
_MAX_VLANS: Final = 256
_LAST_VLAN: Final = 4094
_SHARED: Final = ("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f", "01:", "33:33:", "ff:")
"""MACs of no unit: what routers share (VRRP, HSRP) and groups."""


class Learned(NamedTuple):
    """One entry: a MAC on a port of a VLAN ("" where the table does not tell)."""

    mac: str
    port: str
    vlan: str


def read_forwarding(agent: Agent, ports: Ports, *, by_vlan: bool) -> list[Learned]:
    """Read the forwarding table without the switch's own MACs. `by_vlan`: Cisco, which keeps one for each VLAN.

    Raises LoginRefusedError.
    """
    found = list(_by_filter(agent, ports)) or list(_plain(agent.column("dot1dTpFdbPort"), ports.bridge_name, ""))
    if by_vlan:
        found += _by_cisco_vlan(agent, ports)
    own = set(ports.macs.values())
    return [entry for entry in dict.fromkeys(found) if entry.mac not in own and not entry.mac.startswith(_SHARED)]


def rows(learned: list[Learned], switch: str) -> list[tables.Row]:
    """Return the entries as rows; each says how many MACs its port shows."""
    crowd = Counter(port for port, _ in {(entry.port, entry.mac) for entry in learned})
    made = (
        tables.forwarding(
            entry.mac, switch=switch, port=entry.port, vlan=entry.vlan, source=switch,
            macs_on_port=str(crowd[entry.port]),
        )
        for entry in learned
    )  # fmt: skip
    return [row for row in made if row is not None]


def _by_filter(agent: Agent, ports: Ports) -> Iterator[Learned]:
    vlans = _vlan_of_filter(agent.column("dot1qVlanFdbId"))
    for index, number in agent.column("dot1qTpFdbPort").items():
        if len(index) == 7 and isinstance(number, int) and number > 0 and (mac := _mac(index[1:])):
            plain = str(index[0]) if not vlans and index[0] <= _LAST_VLAN else ""
            yield Learned(mac, ports.bridge_name(number), vlans.get(index[0], plain))


def _vlan_of_filter(column: Mapping[Oid, Value]) -> dict[int, str]:
    """Filter database to VLAN, where it serves only one."""
    pairs = {(value, index[-1]) for index, value in column.items() if isinstance(value, int) and index}
    shared = Counter(filtered for filtered, _ in pairs)
    return {filtered: str(vlan) for filtered, vlan in pairs if shared[filtered] == 1}


def _plain(column: Mapping[Oid, Value], name: Callable[[int], str], vlan: str) -> Iterator[Learned]:
    for index, number in column.items():
        if isinstance(number, int) and number > 0 and (mac := _mac(index)):
            yield Learned(mac, name(number), vlan)


def _by_cisco_vlan(agent: Agent, ports: Ports) -> Iterator[Learned]:
    states = agent.column("vtpVlanState").items()
    vlans = [index[-1] for index, state in states if state == _OPERATIONAL and index and index[-1] not in _NO_VLAN]
    for vlan in vlans[:_MAX_VLANS]:
        context = str(vlan)
        learned = agent.column("dot1dTpFdbPort", context)
        if learned:
            bridge = agent.column("dot1dBasePortIfIndex", context).items()
            here = {index[0]: value for index, value in bridge if len(index) == 1 and isinstance(value, int)}
            yield from _plain(learned, partial(_name_of, ports, here), context)


def _name_of(ports: Ports, bridge: Mapping[int, int], number: int) -> str:
    return ports.name(bridge.get(number, number))


def _mac(octets: Oid) -> str:
    return bytes(octets).hex(":") if len(octets) == 6 and all(part < 256 for part in octets) else ""
