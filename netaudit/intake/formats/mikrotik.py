"""ARP, bridge host and DHCP lease tables of MikroTik RouterOS, as `print` and `print terse` show them."""

import re
from collections.abc import Iterator

from netaudit.evidence import tables
from netaudit.intake.head import Head
from netaudit.intake.model import Format, Item, told
from netaudit.intake.printed import dialect, printed
from netaudit.intake.source import Source

_FLAGS = r"(?:\d+ )?(?:[A-Z]{1,5} )?"

_TABLE = printed(
    "mikrotik",
    "MikroTik RouterOS: ARP, bridge and lease tables",
    ("/ip arp print", "/interface bridge host print", "/ip dhcp-server lease print"),
    (
        dialect(
            _FLAGS
            + r"IP MAC (?:\S+ )??(?P<name>[\w.-]+) (?P<server>\S+)(?: \S+)* (?P<state>bound|waiting|offered)(?: \S+)?",
            "0 D 10.20.0.7  44:19:B6:0A:0B:0C gate-cam  dhcp1  bound",
        ),
        dialect(
            _FLAGS + r"IP MAC (?P<interface>[\w./-]+)(?: (?P<state>reachable|stale|delay|probe|permanent|failed))?",
            "0 DC 10.20.0.7  44:19:B6:0A:0B:0C  bridge  reachable",
        ),
        dialect(
            _FLAGS + r"MAC (?:(?P<vlan>\d{1,4}) )?(?P<port>[A-Za-z][\w./-]*) (?P<bridge>[\w.-]+)(?: [\w%]+)?",
            "1 D 44:19:B6:0A:0B:0C  20 ether7  bridge  1m2s",
        ),
    ),
    marks=r"^Flags: |^# .*MAC-ADDRESS|^Columns: ",
)
_PAIR = re.compile(r'([a-z][a-z0-9-]*)=("[^"]*"|\S*)')
_NOT_HERE = "waiting"
_LEASED = frozenset({"bound", "offered", _NOT_HERE})


def _looks(head: Head) -> int:
    rows = [line for line in head.lines if "mac-address=" in line]
    return 90 if rows and any("interface=" in line or "address=" in line for line in rows) else 0


def _read(source: Source) -> Iterator[Item]:
    for number, line in source.lines():
        pairs = {key: value.strip('"') for key, value in _PAIR.findall(line[:2000])}
        if mac := pairs.get("mac-address") or pairs.get("active-mac-address"):
            yield from _items(number, mac, pairs, source.owner)


def _items(number: int, mac: str, pairs: dict[str, str], owner: str) -> Iterator[Item]:
    ip, port = pairs.get("address", ""), pairs.get("on-interface", "")
    name, vlan = pairs.get("host-name", ""), pairs.get("vid", "")
    if port:
        yield from told(number, tables.forwarding(mac, switch=owner, port=port, vlan=vlan, source=owner))
    elif name or "server" in pairs or pairs.get("status") in _LEASED:
        state = "expired" if pairs.get("status") == _NOT_HERE else "active"
        yield from told(number, tables.lease(ip, mac, hostname=name, state=state, source=owner))
    else:
        yield from told(number, tables.arp(ip, mac, interface=pairs.get("interface", ""), source=owner))


FORMATS = (
    _TABLE,
    Format(
        "mikrotik_terse", "MikroTik RouterOS: the same tables as key=value", ("/ip arp print terse",
        "/interface bridge host print terse", "/ip dhcp-server lease print terse"),
        (tables.ARP, tables.MAC, tables.LEASE), _looks, _read,
    ),
)  # fmt: skip
