"""Ubiquiti: clients of a UniFi controller as JSON, and the MAC table of an EdgeSwitch."""

from collections.abc import Iterator
from typing import Any

from netaudit.evidence import tables
from netaudit.intake.head import Head
from netaudit.intake.json_items import listed, objects, text_of
from netaudit.intake.model import Format, Item, told
from netaudit.intake.printed import dialect, printed
from netaudit.intake.source import Source

_EDGE = printed(
    "edgeswitch",
    "Ubiquiti EdgeSwitch and UniFi switch shell: MAC table",
    ("show mac-addr-table", "show mac-addr-table all"),
    (
        dialect(
            r"(?P<vlan>\d{1,4}) MAC (?P<port>\d+/\d+|\w[\w/ -]*?\d) (?P<index>\d+)"
            r" (?P<type>Learned|Static|Self|Management|GMRP)",
            "20       44:19:B6:0A:0B:0C   0/7        7        Learned",
        ),
    ),
    marks=r"^VLAN ID +MAC Address +Interface",
)


def _looks(head: Head) -> int:
    told_by = ('"sw_mac"', '"is_wired"', '"ap_mac"', '"assoc_time"')
    starts = head.text.lstrip("\ufeff \r\n\t")[:1] in ("{", "[")
    return 90 if starts and '"mac"' in head.text and sum(word in head.text for word in told_by) >= 1 else 0


def _read(source: Source) -> Iterator[Item]:
    number = 0
    with source.stream() as stream:
        for document in objects(stream, source.losses.append):
            for client in listed(document, "data") or [document]:
                number += 1
                yield from _client(number, client, source.owner)


def _client(number: int, client: Any, owner: str) -> Iterator[Item]:
    mac, ip = text_of(client, "mac"), text_of(client, "ip") or text_of(client, "last_ip")
    vlan, name = text_of(client, "vlan"), text_of(client, "name") or text_of(client, "hostname")
    if ip:
        yield from told(number, tables.arp(ip, mac, vlan=vlan, source=owner))
    switch, port = text_of(client, "sw_mac"), text_of(client, "sw_port")
    if switch and port:
        yield from told(number, tables.forwarding(mac, switch=switch, port=port, vlan=vlan, source=owner))
    if name and mac:
        yield from told(number, tables.asset(mac=mac, name=name, source=owner))


FORMATS = (
    _EDGE,
    Format(
        "unifi", "Ubiquiti UniFi controller: clients", ("GET /api/s/default/stat/sta", "GET /api/s/default/rest/user"),
        (tables.ARP, tables.MAC, tables.ASSET), _looks, _read,
    ),
)  # fmt: skip
