"""runZero: assets as exported, JSON, JSON lines or CSV."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from netaudit.evidence import tables
from netaudit.evidence.addresses import ip_of
from netaudit.intake.columns import Cells, Layout, table_format
from netaudit.intake.head import Head
from netaudit.intake.json_items import listed, objects, text_of
from netaudit.intake.model import Format, Item, Told, told
from netaudit.intake.source import Source

_COLUMNS: Final = {
    "addresses": "addresses", "macs": "macs", "names": "names", "hwvendor": "manufacturer", "hwproduct": "model",
    "hw": "hardware", "type": "category", "osversion": "firmware", "sitename": "site", "serviceportstcp": "ports",
    "newestmac": "mac",
}  # fmt: skip
_NEEDS: Final = (frozenset({"addresses", "macs", "names", "hwvendor"}), frozenset({"addresses", "newestmac", "hw"}))
_TEXTS: Final = {
    "manufacturer": "hw_vendor", "model": "hw_product", "category": "type", "firmware": "os_version",
    "site": "site_name",
}  # fmt: skip
_MOST: Final = 64


def _build(cells: Cells) -> Iterable[tables.Row | None]:
    entry: dict[str, Any] = {name: cells.get(name, "").split() for name in ("addresses", "macs", "names")}
    entry |= {key: cells.get(field, "") for field, key in _TEXTS.items()}
    yield from _rows(entry)


def _looks(head: Head) -> int:
    starts = head.text.lstrip("\ufeff \r\n\t")[:1] in ("{", "[")
    named = ('"newest_mac"', '"service_ports_tcp"', '"hw_vendor"', '"detected_by"')
    return 95 if starts and '"addresses"' in head.text and any(name in head.text for name in named) else 0


def _read(source: Source) -> Iterator[Item]:
    with source.stream() as stream:
        for number, entry in enumerate(objects(stream, source.losses.append), 1):
            for row in _rows(entry):
                yield from told(number, row)
            yield from _ports(number, entry)


def _rows(entry: Any) -> Iterable[tables.Row | None]:
    ips = [text for text in listed(entry, "addresses")[:_MOST] if isinstance(text, str)]
    macs = [text for text in listed(entry, "macs")[:_MOST] if isinstance(text, str)]
    names = [text for text in listed(entry, "names") if isinstance(text, str)]
    known = {field: text_of(entry, key) for field, key in _TEXTS.items()} | {"name": names[0] if names else ""}
    # With several MACs it is open which of them is whose address.
    if len(macs) == 1:
        yield from (tables.arp(ip, macs[0]) for ip in ips)
    for index in range(max(len(ips), len(macs), 1)) if len(macs) < 2 else range(len(ips)):
        yield tables.asset(ip=ips[index] if index < len(ips) else "", mac=macs[0] if len(macs) == 1 else "", **known)
    if len(macs) > 1:
        yield from (tables.asset(mac=mac, **known) for mac in macs)
    switch, port = _switch(entry)
    if switch and port:
        yield from (tables.forwarding(mac, switch=switch, port=port) for mac in macs[:1])


def _switch(entry: Any) -> tuple[str, str]:
    attributes = entry.get("attributes") if isinstance(entry, dict) else None
    return text_of(attributes, "switch.name") or text_of(attributes, "switch.ip"), text_of(attributes, "switch.port")


def _ports(number: int, entry: Any) -> Iterator[Item]:
    ports = [str(port) for port in listed(entry, "service_ports_tcp") if str(port).isascii() and str(port).isdigit()][
        :_MOST
    ]
    for text in listed(entry, "addresses")[:1] if ports else ():
        if isinstance(text, str) and (ip := ip_of(text)):
            yield Told(number, "tcp.ports", {"ip": ip}, {"open": tuple(ports)})


FORMATS = (
    table_format(
        "runzero_csv", "runZero assets, CSV", ("Inventory, Export, CSV",), (tables.ARP, tables.ASSET),
        Layout(_COLUMNS, _NEEDS, _build),
    ),
    Format(
        "runzero", "runZero assets", ("Inventory, Export, JSON or JSONL", "GET /api/v1.0/export/org/assets.jsonl"),
        (tables.ARP, tables.ASSET, tables.MAC, "tcp.ports"), _looks, _read,
    ),
)  # fmt: skip
