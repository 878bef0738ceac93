"""Two switches and a router as recorded walks: a core that everything passes, an access switch with PoE, a router."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from netaudit.probes.snmp_message import Oid, Value, oid
from netaudit.scope.snmp_tables import snmp_tables

LEAVES, COLUMNS = snmp_tables().leaves, snmp_tables().columns
_TAGS = {int: "2", bytes: "4x", tuple: "6"}


def mac(text: str) -> bytes:
    """The six octets of aa:bb:..."""
    return bytes.fromhex(text.replace(":", ""))


@dataclass
class Switch:
    """One agent while it is written down. Ports have interface index = bridge port + `offset`."""

    name: str
    own: str
    ports: Iterable[str]
    root: str = "1.3.6.1.4.1.8072.3.2.10"
    offset: int = 100
    walk: dict[Oid, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = {port: number for number, port in enumerate(self.ports, 1)}
        self.leaf("sysDescr", f"{self.name} of the laboratory".encode())
        self.leaf("sysObjectID", oid(self.root))
        self.leaf("sysName", self.name.encode())
        self.leaf("dot1dBaseBridgeAddress", mac(self.own))
        for port, number in self._numbers.items():
            index = self.offset + number
            self.cell("ifName", (index,), port.encode())
            self.cell("ifType", (index,), 6)
            self.cell("ifPhysAddress", (index,), mac(self.own)[:5] + bytes([number]))
            self.cell("dot1dBasePortIfIndex", (number,), index)
            self.cell("lldpLocPortDesc", (number,), port.encode())

    def leaf(self, name: str, value: Value) -> None:
        """Write one leaf."""
        self.walk[oid(LEAVES[name])] = value

    def cell(self, column: str, index: Oid, value: Value) -> None:
        """Write one cell."""
        self.walk[(*oid(COLUMNS[column]), *index)] = value

    def alias(self, port: str, text: str) -> None:
        """What the owner wrote on the port."""
        self.cell("ifAlias", (self.offset + self._numbers[port],), text.encode())

    def learned(self, address: str, port: str, vlan: int) -> None:
        """A MAC on a port, as Q-BRIDGE-MIB keeps it."""
        self.cell("dot1qVlanFdbId", (0, vlan), vlan)
        self.cell("dot1qTpFdbPort", (vlan, *mac(address)), self._numbers[port])

    def neighbour(self, port: str, address: str, system: str, description: str, abilities: int = 0x01) -> None:
        """An LLDP neighbour; `abilities`: the bits of LldpSystemCapabilitiesMap."""
        index = (0, self._numbers[port], len(self.walk))
        self.cell("lldpRemChassisIdSubtype", index, 4)
        self.cell("lldpRemChassisId", index, mac(address))
        self.cell("lldpRemPortIdSubtype", index, 5)
        self.cell("lldpRemPortId", index, b"eth0")
        self.cell("lldpRemSysName", index, system.encode())
        self.cell("lldpRemSysDesc", index, description.encode())
        self.cell("lldpRemSysCapEnabled", index, bytes([abilities, 0]))

    def feeds(self, port: str, milliwatts: int, column: str = "hpicfPoePethPsePortPower") -> None:
        """Power over the cable; 0: searching."""
        number = self._numbers[port]
        self.cell("pethPsePortDetectionStatus", (1, number), 3 if milliwatts else 2)
        self.cell("pethPsePortPowerClassifications", (1, number), 4)
        self.cell(column, (1, number), milliwatts)

    def knows(self, address: str, hardware: str, interface: int = 1) -> None:
        """An entry of the ARP table, as ipNetToMedia keeps it."""
        self.cell("ipNetToMediaPhysAddress", (self.offset + interface, *ip_address(address).packed), mac(hardware))


def snmprec(walk: Mapping[Oid, Value]) -> str:
    """The walk as a file for snmpsim."""
    return "".join(
        f"{'.'.join(map(str, name))}|{_TAGS[type(value)]}|{_shown(value)}\n" for name, value in sorted(walk.items())
    )


def _shown(value: Value) -> str:
    return (
        value.hex()
        if isinstance(value, bytes)
        else ".".join(map(str, value))
        if isinstance(value, tuple)
        else str(value)
    )


CORE_MAC, ACCESS_MAC, ROUTER_MAC = "00:1b:21:00:0c:00", "00:1b:21:00:0a:00", "00:1b:21:00:0f:00"
CORE, ACCESS, ROUTER = "sw-core", "sw-access", "rt-main"


@dataclass(frozen=True)
class Camera:
    """Where a camera truly hangs."""

    ip: str
    mac: str
    switch: str
    port: str
    watts: str


def cameras(network: str = "10.88.7", count: int = 12) -> tuple[Camera, ...]:
    """Cameras: the first three on the core, the others on the access switch."""
    made = []
    for number in range(1, count + 1):
        core = number <= 3
        port = f"Te1/{number}" if core else f"{number}"
        watts = "" if core else f"{3 + number / 10:.1f}"
        made.append(
            Camera(f"{network}.{10 + number}", f"44:19:b6:00:07:{number:02x}", CORE if core else ACCESS, port, watts)
        )
    return tuple(made)


def building(units: Iterable[Camera]) -> dict[str, Switch]:
    """Core (Te1/24 to the access switch, Te1/23 to the router), access switch (port 24 up), router."""
    core = Switch(CORE, CORE_MAC, [f"Te1/{n}" for n in range(1, 25)])
    access = Switch(ACCESS, ACCESS_MAC, [str(n) for n in range(1, 25)], root="1.3.6.1.4.1.11.2.3.7.11.1", offset=0)
    router = Switch(ROUTER, ROUTER_MAC, ["eth0", "Vlan70"])
    for unit in units:
        router.knows(unit.ip, unit.mac, 2)
        core.learned(unit.mac, unit.port if unit.switch == CORE else "Te1/24", 70)
        access.learned(unit.mac, unit.port if unit.switch == ACCESS else "24", 70)
        if unit.switch == ACCESS:
            access.feeds(unit.port, int(float(unit.watts) * 1000))
    access.alias("4", "Gate camera")
    access.feeds("20", 0)
    core.learned(ACCESS_MAC, "Te1/24", 1)
    core.learned(ROUTER_MAC, "Te1/23", 70)
    access.learned(ROUTER_MAC, "24", 70)
    access.learned(CORE_MAC, "24", 1)
    core.neighbour("Te1/24", ACCESS_MAC, ACCESS, "HP ProCurve switch", abilities=0x20)
    access.neighbour("24", CORE_MAC, CORE, "core switch", abilities=0x28)
    return {CORE: core, ACCESS: access, ROUTER: router}
