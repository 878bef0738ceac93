"""Leases of ISC dhcpd: dhcpd.leases, blocks of statements; the last block of an address is the one that holds."""

import re
from collections.abc import Iterator
from typing import Final

from netaudit.evidence import tables
from netaudit.intake.head import Head
from netaudit.intake.model import Format, Item, Unread, told
from netaudit.intake.source import Source

_BEGIN: Final = re.compile(r"^\s*lease\s+(?P<ip>[0-9.]{7,15})\s*\{")
_STATEMENTS: Final = {
    "mac": re.compile(r"^\s*hardware\s+ethernet\s+([0-9a-fA-F:]{11,17})\s*;"),
    "hostname": re.compile(r'^\s*client-hostname\s+"((?:[^"\\]|\\.){0,255})"\s*;'),
    "vendor_class": re.compile(r'^\s*set\s+vendor-class-identifier\s*=\s*"((?:[^"\\]|\\.){0,255})"\s*;'),
    "client_id": re.compile(r'^\s*uid\s+("(?:[^"\\]|\\.){0,255}"|[0-9a-fA-F:]{2,255})\s*;'),
    "state": re.compile(r"^\s*binding\s+state\s+(\w+)\s*;"),
    "starts": re.compile(r"^\s*starts\s+\d\s+(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)\s*;"),
    "ends": re.compile(r"^\s*ends\s+(?:\d\s+)?(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d|never)\s*;"),
}
_MOST: Final = 1_000_000


def _looks(head: Head) -> int:
    return 95 if any(_BEGIN.match(line) for line in head.lines) and "binding state" in head.text else 0


def _read(source: Source) -> Iterator[Item]:
    latest: dict[str, tuple[int, dict[str, str]]] = {}
    open_at, block = 0, dict[str, str]()
    for number, line in source.lines():
        if begin := _BEGIN.match(line):
            if open_at:
                yield Unread(open_at, "the lease does not end")
            open_at, block = number, {"ip": begin["ip"]}
        elif open_at and line.strip() == "}":
            if len(latest) < _MOST:
                latest[block["ip"]] = (open_at, block)
            open_at = 0
        elif open_at:
            _note(block, line)
    if open_at:
        yield Unread(open_at, "the file ends in the middle of this lease")
    for number, values in sorted(latest.values(), key=lambda pair: pair[0]):
        yield from _lease(number, values, source)


def _note(block: dict[str, str], line: str) -> None:
    for name, pattern in _STATEMENTS.items():
        if found := pattern.match(line):
            block[name] = found[1].strip('"')
            return


def _lease(number: int, values: dict[str, str], source: Source) -> Iterator[Item]:
    ends = _rfc3339(values.get("ends", ""))
    if values.get("state", "") == "active" and ends and ends < source.at:
        values["state"] = "expired"  # a server that was stopped leaves its leases active
    values |= {"starts": _rfc3339(values.get("starts", "")), "ends": ends or values.get("ends", "")}
    yield from told(number, tables.lease(values.pop("ip"), values.pop("mac", ""), source=source.owner, **values))


def _rfc3339(text: str) -> str:
    return text.replace("/", "-").replace(" ", "T") + "Z" if text[:1].isdigit() else ""


FORMAT = Format(
    "dhcp_isc", "ISC dhcpd leases", ("/var/lib/dhcp/dhcpd.leases",), (tables.LEASE,), _looks, _read,
    "The last block of an address counts. Of an ended lease the MAC is kept, but no longer tied to the address.",
)  # fmt: skip
