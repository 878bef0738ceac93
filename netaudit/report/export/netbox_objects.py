"""What NetBox should know of a run: objects in the order in which they need each other, for the API. Pure.

The same records as the CSV files, and the addresses, which are objects of their own there too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from netaudit.report.export.netbox_csv import INTERFACE, brand_of, model_of, port_of
from netaudit.report.export.units import Unit, slug, units
from netaudit.report.views import Report
from netaudit.scope.model import Network

SITES: Final = "dcim.sites"
MANUFACTURERS: Final = "dcim.manufacturers"
TYPES: Final = "dcim.device_types"
ROLES: Final = "dcim.device_roles"
DEVICES: Final = "dcim.devices"
INTERFACES: Final = "dcim.interfaces"
MACS: Final = "dcim.mac_addresses"
ADDRESSES: Final = "ipam.ip_addresses"
_ASSIGNED: Final = "dcim.interface"


@dataclass(frozen=True, slots=True)
class Ref:
    """Another object of this hand-over."""

    endpoint: str
    label: str


Value = str | int | bool | Ref


@dataclass(frozen=True, slots=True)
class Wanted:
    """One object. `label`: unique at its endpoint; `title`: for people; `mac`: by which else it may be known there.

    `only_new`: fields that matter when it is made and are not compared with what is there.
    """

    endpoint: str
    label: str
    title: str
    values: Mapping[str, Value]
    only_new: frozenset[str] = frozenset()
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Objects of one endpoint that need nothing but earlier stages. `links`: they are there; only fields are set."""

    endpoint: str
    wanted: Sequence[Wanted]
    links: bool = False


@dataclass(slots=True)
class _Hardware:
    """The objects of one unit: interface, MAC, address, and what ties them together afterwards."""

    interfaces: list[Wanted] = field(default_factory=list)
    macs: dict[str, Wanted] = field(default_factory=dict)
    addresses: dict[str, Wanted] = field(default_factory=dict)
    primary_macs: list[Wanted] = field(default_factory=list)
    primary_addresses: list[Wanted] = field(default_factory=list)


def stages(report: Report) -> Iterator[Stage]:
    """Yield the stages of a run in their order."""
    every = list(units(report))
    yield Stage(SITES, _named(SITES, (unit.site for unit in every), {"status": "active"}))
    yield Stage(MANUFACTURERS, _named(MANUFACTURERS, map(brand_of, every), {}))
    yield Stage(TYPES, _once(map(_type, every)))
    yield Stage(ROLES, _named(ROLES, (unit.type for unit in every), {"color": "607d8b"}))
    yield Stage(DEVICES, [_device(unit) for unit in every])
    hardware = _Hardware()
    for unit in every:
        _add(hardware, unit, report.scope.networks)
    yield Stage(INTERFACES, hardware.interfaces)
    yield Stage(MACS, list(hardware.macs.values()))
    yield Stage(ADDRESSES, list(hardware.addresses.values()))
    yield Stage(INTERFACES, hardware.primary_macs, links=True)
    yield Stage(DEVICES, hardware.primary_addresses, links=True)


def _named(endpoint: str, names: Iterable[str], more: Mapping[str, Value]) -> list[Wanted]:
    """Objects that have a name and a slug; what an owner changed of his own is left as it is."""
    return [
        Wanted(endpoint, name, name, values := {"name": name, "slug": slug(name), **more}, frozenset(values))
        for name in dict.fromkeys(names)
    ]


def _once(wanted: Iterable[Wanted]) -> list[Wanted]:
    return list({one.label: one for one in wanted}.values())


def _type(unit: Unit) -> Wanted:
    title = f"{brand_of(unit)} {model_of(unit)}"
    values: dict[str, Value] = {
        "manufacturer": Ref(MANUFACTURERS, brand_of(unit)), "model": model_of(unit), "slug": slug(title), "u_height": 0,
    }  # fmt: skip
    return Wanted(TYPES, title, title, values, frozenset(values))


def _device(unit: Unit) -> Wanted:
    values: dict[str, Value] = {
        "name": unit.name, "role": Ref(ROLES, unit.type), "site": Ref(SITES, unit.site), "status": "active",
        "device_type": Ref(TYPES, f"{brand_of(unit)} {model_of(unit)}"), "serial": unit.serial[:50],
        "description": unit.note[:200],
    }  # fmt: skip
    # A role is the owner's own word, and a type that we do not know says nothing against his.
    only_new = {"name", "role", "status"} | (set() if unit.model else {"device_type"})
    return Wanted(DEVICES, _id(unit), unit.name, values, frozenset(only_new), unit.mac.upper())


def _id(unit: Unit) -> str:
    return unit.card.device.device


def _add(hardware: _Hardware, unit: Unit, networks: Sequence[Network]) -> None:
    address = _with_mask(unit, networks)
    if not (unit.mac or address):
        return
    here = Ref(INTERFACES, _id(unit))
    values: dict[str, Value] = {"device": Ref(DEVICES, _id(unit)), "name": INTERFACE, "type": "other"}
    values |= {"description": port} if (port := port_of(unit)) else {}
    values |= {"poe_mode": "pd"} if unit.card.place.poe_watts else {}
    title = f"{unit.name} {INTERFACE}"
    hardware.interfaces.append(
        Wanted(INTERFACES, _id(unit), title, values, frozenset(("name", "type")), unit.mac.upper())
    )
    assigned: dict[str, Value] = {"assigned_object_type": _ASSIGNED, "assigned_object_id": here}
    if (mac := unit.mac.upper()) and mac not in hardware.macs:
        hardware.macs[mac] = Wanted(MACS, mac, f"{mac} of {unit.name}", {"mac_address": mac, **assigned})
        hardware.primary_macs.append(Wanted(INTERFACES, _id(unit), title, {"primary_mac_address": Ref(MACS, mac)}))
    if address and address not in hardware.addresses:
        hardware.addresses[address] = Wanted(
            ADDRESSES, address, f"{address} of {unit.name}", {"address": address, "status": "active", **assigned},
            frozenset(("address", "status")),
        )  # fmt: skip
        field_name = "primary_ip6" if ":" in address else "primary_ip4"
        hardware.primary_addresses.append(Wanted(DEVICES, _id(unit), unit.name, {field_name: Ref(ADDRESSES, address)}))


def _with_mask(unit: Unit, networks: Sequence[Network]) -> str:
    """The address with the mask of its network; "" for one outside the scope: a recorder's own cameras have any."""
    if not unit.address:
        return ""
    address = ip_address(unit.address.partition("%")[0])
    found = next((network.cidr for network in networks if network.holds(address)), None)
    return f"{address}/{found.prefixlen}" if found else ""
