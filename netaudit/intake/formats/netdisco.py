"""Netdisco: nodes (a MAC on a port) and their addresses, from reports and the API."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from netaudit.evidence import tables
from netaudit.intake.columns import Cells, Layout, table_format
from netaudit.intake.head import Head
from netaudit.intake.json_items import listed, objects, text_of
from netaudit.intake.model import Format, Item, told
from netaudit.intake.source import Source

_COLUMNS: Final = {
    "mac": "mac", "macaddress": "mac", "ip": "ip", "ipaddress": "ip", "nodeip": "ip", "switch": "switch",
    "device": "switch", "switchip": "switch", "port": "port", "deviceport": "port", "switchport": "port",
    "vlan": "vlan", "dns": "name", "nodename": "name", "timelast": "last", "lastseen": "last",
}  # fmt: skip
_NEEDS: Final = (frozenset({"mac", "switch", "port", "timelast"}), frozenset({"mac", "switch", "port", "oui"}),
                 frozenset({"mac", "ip", "timelast"}))  # fmt: skip


def rows(cells: Cells) -> Iterable[tables.Row | None]:
    """Make the rows of one node: its address, its port."""
    mac, vlan = cells.get("mac", ""), cells.get("vlan", "")
    if cells.get("ip"):
        yield tables.arp(cells["ip"], mac, vlan=vlan, name=cells.get("name", ""))
    if cells.get("switch") and cells.get("port"):
        yield tables.forwarding(mac, switch=cells["switch"], port=cells["port"], vlan=vlan)


def _looks(head: Head) -> int:
    starts = head.text.lstrip("\ufeff \r\n\t")[:1] in ("{", "[")
    return 85 if starts and '"mac"' in head.text and '"time_last"' in head.text else 0


def _read(source: Source) -> Iterator[Item]:
    number = 0
    with source.stream() as stream:
        for document in objects(stream, source.losses.append):
            for entry in [*listed(document, "sightings"), *listed(document, "ips")] or [document]:
                number += 1
                for row in _node(entry):
                    yield from told(number, row)


def _node(entry: Any) -> Iterable[tables.Row | None]:
    names = ("mac", "ip", "switch", "port", "vlan", "dns")
    cells = {name: text_of(entry, name) for name in names}
    return rows(cells | {"name": cells.pop("dns")})


FORMATS = (
    table_format(
        "netdisco", "Netdisco nodes", ("a report of nodes, CSV",), (tables.ARP, tables.MAC),
        Layout(_COLUMNS, _NEEDS, rows),
    ),
    Format(
        "netdisco_json", "Netdisco nodes from its API", ("GET /api/v1/search/node?q=...",), (tables.ARP, tables.MAC),
        _looks, _read,
    ),
)  # fmt: skip
