"""Who hangs on a port by its own word: LLDP (IEEE 802.1AB) and Cisco's discovery protocol, as the switch heard them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from netaudit.evidence import tables
from netaudit.evidence.addresses import mac_of
from netaudit.probes.snmp_agent import Agent
from netaudit.probes.snmp_message import Oid, Value
from netaudit.probes.switch_fdb import Learned
from netaudit.probes.switch_ports import Ports, mac_text, shown_text

PORT_KIND: Final = "switch.port"
NEIGHBOUR_KIND: Final = "table.neighbour"
"""A neighbour without a MAC: known by name only."""

_CHASSIS_MAC: Final = 4
_PORT_MAC: Final = 3
_LLDP: Final = ("other", "repeater", "bridge", "wlan", "router", "telephone", "docsis", "station")
_CDP: Final = {0x01: "router", 0x02: "bridge", 0x08: "bridge", 0x10: "station", 0x40: "repeater", 0x80: "telephone"}
_LLDP_COLUMNS: Final = ("ChassisIdSubtype", "ChassisId", "PortIdSubtype", "PortId", "PortDesc", "SysName", "SysDesc",
                        "SysCapEnabled")  # fmt: skip
_CDP_COLUMNS: Final = ("Version", "DeviceId", "DevicePort", "Platform", "Capabilities")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One neighbour. `abilities`: words of LLDP ("bridge", "router", "station", ...), empty where it tells none."""

    port: str
    mac: str
    system: str
    description: str
    remote_port: str
    abilities: tuple[str, ...]
    protocol: str


def read_neighbours(agent: Agent, ports: Ports, *, cdp: bool) -> list[Neighbour]:
    """Read both tables. Raises LoginRefusedError."""
    return [*_lldp(agent, ports), *(_cdp(agent, ports) if cdp else ())]


def rows(found: Iterable[Neighbour], learned: Iterable[Learned], switch: str, address: str) -> list[tables.Row]:
    """Return neighbours as rows; one that tells no MAC has that of its port, where the port shows only one."""
    on_port: defaultdict[str, set[str]] = defaultdict(set)
    for entry in learned:
        on_port[entry.port].add(entry.mac)
    return [_row(neighbour, on_port.get(neighbour.port, set()), switch, address) for neighbour in found]


def _row(neighbour: Neighbour, macs: set[str], switch: str, address: str) -> tables.Row:
    mac = neighbour.mac or (next(iter(macs)) if len(macs) == 1 else "")
    told: dict[str, str | tuple[str, ...]] = {
        "mac": mac, "switch": switch, "port": neighbour.port, "lldp_system": neighbour.system,
        "lldp_description": neighbour.description, "remote_port": neighbour.remote_port,
        "abilities": neighbour.abilities, "protocol": neighbour.protocol, "source": switch,
    }  # fmt: skip
    target: dict[str, Any] = {"ip": address}
    return tables.Row(
        PORT_KIND if mac else NEIGHBOUR_KIND, target, {key: value for key, value in told.items() if value}
    )


def _lldp(agent: Agent, ports: Ports) -> Iterator[Neighbour]:
    heard = _by_row(agent, "lldpRem", _LLDP_COLUMNS)
    if not heard:
        return
    local = _local_ports(agent, ports)
    for index, told in heard.items():
        if len(index) != 3:
            continue
        yield Neighbour(
            port=local.get(index[1], ports.name(index[1])),
            mac=_mac(told),
            system=shown_text(told.get("SysName")),
            description=shown_text(told.get("SysDesc")) or shown_text(told.get("PortDesc")),
            remote_port=_port_id(told.get("PortIdSubtype"), told.get("PortId")),
            abilities=_lldp_abilities(told.get("SysCapEnabled")),
            protocol="lldp",
        )


def _cdp(agent: Agent, ports: Ports) -> Iterator[Neighbour]:
    for index, told in _by_row(agent, "cdpCache", _CDP_COLUMNS).items():
        if len(index) == 2:
            words = (shown_text(told.get("Platform")), shown_text(told.get("Version")))
            name = shown_text(told.get("DeviceId"))
            yield Neighbour(
                ports.name(index[0]), mac_of(name), name, " ".join(word for word in words if word),
                shown_text(told.get("DevicePort")), _cdp_abilities(told.get("Capabilities")), "cdp",
            )  # fmt: skip


def _by_row(agent: Agent, prefix: str, columns: Iterable[str]) -> Mapping[Oid, Mapping[str, Value]]:
    found: defaultdict[Oid, dict[str, Value]] = defaultdict(dict)
    for column in columns:
        cells = agent.column(prefix + column)
        if not cells and not found:
            # No neighbour has the first column: none has the others.
            return {}
        for index, value in cells.items():
            found[index][column] = value
    return found


def _local_ports(agent: Agent, ports: Ports) -> dict[int, str]:
    """LLDP's own port numbers to interface names: by what the switch calls the port, else by its number."""
    names: dict[int, str] = {}
    for column in ("lldpLocPortDesc", "lldpLocPortId"):
        for index, value in agent.column(column).items():
            if len(index) == 1 and (name := ports.known(shown_text(value))):
                names[index[0]] = name
    for number in set(ports.bridge) - set(names):
        names[number] = ports.name(number) if number in ports.names else ports.bridge_name(number)
    return names


def _mac(told: Mapping[str, Value]) -> str:
    if told.get("ChassisIdSubtype") == _CHASSIS_MAC and (mac := mac_text(told.get("ChassisId"))):
        return mac
    return mac_text(told.get("PortId")) if told.get("PortIdSubtype") == _PORT_MAC else ""


def _port_id(subtype: Value, value: Value) -> str:
    return mac_text(value) if subtype == _PORT_MAC else shown_text(value)


def _lldp_abilities(value: Value) -> tuple[str, ...]:
    if not isinstance(value, bytes) or not value:
        return ()
    return tuple(word for place, word in enumerate(_LLDP) if value[0] & (0x80 >> place))


def _cdp_abilities(value: Value) -> tuple[str, ...]:
    if not isinstance(value, bytes) or not 0 < len(value) <= 4:
        return ()
    bits = int.from_bytes(value)
    return tuple(dict.fromkeys(word for bit, word in _CDP.items() if bits & bit))
