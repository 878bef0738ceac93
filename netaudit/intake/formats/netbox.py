"""NetBox: devices, interfaces, MAC and IP addresses, as its tables are exported and as its API answers."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from netaudit.evidence import tables
from netaudit.intake.columns import Cells, Layout, table_format
from netaudit.intake.head import Head
from netaudit.intake.json_items import listed, objects, text_of
from netaudit.intake.model import Format, Item, told
from netaudit.intake.source import Source

# Names of the bulk import form and of the table export ("IP Address", "Type", "Serial number").
_DEVICE: Final = {
    "name": "name", "ipaddress": "ip", "primaryip4": "ip", "ipv4address": "ip", "primaryip": "ip", "primaryip6": "ip",
    "ipv6address": "ip", "role": "category", "devicerole": "category", "manufacturer": "manufacturer",
    "devicetype": "model", "type": "model", "serial": "serial", "serialnumber": "serial", "assettag": "asset_tag",
    "status": "status", "site": "site", "location": "location", "rack": "rack",
}  # fmt: skip
_ADDRESS: Final = {
    "macaddress": "mac", "mac": "mac", "address": "ip", "ipaddress": "ip", "device": "name", "parent": "name",
    "interface": "interface", "assignedobject": "interface", "dnsname": "hostname", "description": "description",
}  # fmt: skip
_DEVICE_NEEDS: Final = (
    frozenset({"name", "role", "devicetype", "site"}), frozenset({"name", "devicerole", "devicetype", "site"}),
    frozenset({"name", "role", "manufacturer", "type", "site"}),
)  # fmt: skip
_ADDRESS_NEEDS: Final = (
    frozenset({"macaddress", "device", "interface"}), frozenset({"macaddress", "interface", "isprimary"}),
    frozenset({"address", "vrf", "dnsname"}), frozenset({"ipaddress", "vrf", "dnsname"}),
)  # fmt: skip


def _build(cells: Cells) -> Iterable[tables.Row | None]:
    yield tables.asset(**cells)


def _looks(head: Head) -> int:
    starts = head.text.lstrip("\ufeff \r\n\t")[:1] in ("{", "[")
    return 90 if starts and '"device_type"' in head.text and '"manufacturer"' in head.text else 0


def _read(source: Source) -> Iterator[Item]:
    number = 0
    with source.stream() as stream:
        for document in objects(stream, source.losses.append):
            for entry in listed(document, "results") or [document]:
                number += 1
                yield from told(number, _device(entry))


def _device(entry: Any) -> tables.Row | None:
    kind = entry.get("device_type") if isinstance(entry, dict) else None
    return tables.asset(
        name=text_of(entry, "name"), serial=text_of(entry, "serial"), asset_tag=text_of(entry, "asset_tag"),
        manufacturer=text_of(kind, "manufacturer", "name"), model=text_of(kind, "model"),
        category=text_of(entry, "role", "name") or text_of(entry, "device_role", "name"),
        site=text_of(entry, "site", "name"), location=text_of(entry, "location", "name"),
        status=text_of(entry, "status", "value"),
        ip=text_of(entry, "primary_ip", "address") or text_of(entry, "primary_ip4", "address"),
    )  # fmt: skip


FORMATS = (
    table_format(
        "netbox", "NetBox devices", ("Devices, Export, All data (CSV)", "a bulk import file"), (tables.ASSET,),
        Layout(_DEVICE, _DEVICE_NEEDS, _build),
    ),
    table_format(
        "netbox_addresses", "NetBox MAC and IP addresses", ("MAC Addresses, Export", "IP Addresses, Export"),
        (tables.ASSET,), Layout(_ADDRESS, _ADDRESS_NEEDS, _build),
    ),
    Format("netbox_json", "NetBox devices from its API", ("GET /api/dcim/devices/",), (tables.ASSET,), _looks, _read),
)  # fmt: skip
