"""LibreNMS: ARP and forwarding tables, from its search pages and its API."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from netaudit.evidence import tables
from netaudit.intake.columns import Cells, Layout, table_format
from netaudit.intake.head import Head
from netaudit.intake.json_items import listed, objects, text_of
from netaudit.intake.model import Format, Item, told
from netaudit.intake.source import Source

_COLUMNS: Final = {
    "macaddress": "mac", "mac": "mac", "ipaddress": "ip", "ipv4address": "ip", "ipv4": "ip", "device": "switch",
    "hostname": "switch", "interface": "port", "port": "port", "vlan": "vlan", "vlanid": "vlan", "dns": "name",
    "dnsname": "name", "remotedevice": "name",
}  # fmt: skip
_NEEDS: Final = (
    frozenset({"macaddress", "device", "interface", "vlan"}), frozenset({"macaddress", "device", "port", "vlan"}),
    frozenset({"macaddress", "ipaddress", "device", "interface"}), frozenset({"macaddress", "ipv4address", "device"}),
)  # fmt: skip


def _build(cells: Cells) -> Iterable[tables.Row | None]:
    mac, switch, port, vlan = (cells.get(name, "") for name in ("mac", "switch", "port", "vlan"))
    if cells.get("ip"):
        yield tables.arp(cells["ip"], mac, interface=port, vlan=vlan, source=switch, name=cells.get("name", ""))
    if switch and port and (vlan or not cells.get("ip")):
        yield tables.forwarding(mac, switch=switch, port=port, vlan=vlan)


def _looks(head: Head) -> int:
    if '"ports_fdb"' in head.text or '"ports_fdb_id"' in head.text:
        return 95
    return 90 if '"ipv4_address"' in head.text and '"mac_address"' in head.text and '"port_id"' in head.text else 0


def _read(source: Source) -> Iterator[Item]:
    number = 0
    with source.stream() as stream:
        for answer in objects(stream, source.losses.append):
            for entry in [*listed(answer, "ports_fdb"), *listed(answer, "arp")] or [answer]:
                number += 1
                yield from told(number, _row(entry, source))


def _row(entry: Any, source: Source) -> tables.Row | None:
    mac, ip = text_of(entry, "mac_address"), text_of(entry, "ipv4_address")
    # The API names ports and devices by its own numbers, or by name where it was asked for that.
    port = text_of(entry, "ifName") or f"port {text_of(entry, 'port_id')}"
    device = text_of(entry, "hostname") or source.owner or f"device {text_of(entry, 'device_id') or 'unknown'}"
    if ip:
        return tables.arp(ip, mac, interface=port, source=device)
    return tables.forwarding(mac, switch=device, port=port, vlan=text_of(entry, "vlan") or text_of(entry, "vlan_id"))


FORMATS = (
    table_format(
        "librenms", "LibreNMS ARP and FDB tables", ("Ports, FDB Tables, Export", "Ports, ARP Tables, Export"),
        (tables.ARP, tables.MAC), Layout(_COLUMNS, _NEEDS, _build),
    ),
    Format(
        "librenms_json", "LibreNMS ARP and FDB tables from its API", ("GET /api/v0/resources/fdb",
        "GET /api/v0/resources/ip/arp/10.20.0.0/24"), (tables.ARP, tables.MAC), _looks, _read,
        "Its numbers of devices and ports are kept as they are: --source names the switch.",
    ),
)  # fmt: skip
