"""Leases of dnsmasq, also Pi-hole's and OpenWrt's: one line a lease, the end as seconds since 1970."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from netaudit.clock import rfc3339
from netaudit.evidence import tables
from netaudit.intake.head import Head
from netaudit.intake.model import Format, Item, Unread, told
from netaudit.intake.source import Source

_LEASE: Final = re.compile(
    r"(?P<ends>\d{1,11}) (?:(?P<type>\d{1,3})-)?(?P<mac>(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}) (?P<ip>[0-9.]{7,15})"
    r" (?P<name>\S{1,255}) (?P<id>\S{1,255})"
)
_V6: Final = re.compile(r"duid \S+|\d{1,11} \d+ [0-9a-fA-F:]+ \S+ \S+")


def _looks(head: Head) -> int:
    rows = head.lines[:50]
    fitting = sum(_LEASE.fullmatch(line) is not None for line in rows)
    return 95 * fitting // len(rows) if rows else 0


def _read(source: Source) -> Iterator[Item]:
    for number, line in source.lines():
        text = line[:1024].strip()
        if found := _LEASE.fullmatch(text):
            yield from _lease(number, found, source)
        elif text and not _V6.fullmatch(text):
            yield Unread(number, "is no lease of dnsmasq (end, MAC, address, name, client id)")


def _lease(number: int, found: re.Match[str], source: Source) -> Iterator[Item]:
    ends = _moment(int(found["ends"]))
    row = tables.lease(
        found["ip"], found["mac"], hostname=_said(found["name"]), client_id=_said(found["id"]), ends=ends,
        state="expired" if ends and ends < source.at else "active", source=source.owner,
    )  # fmt: skip
    yield from told(number, row)


def _said(text: str) -> str:
    return "" if text == "*" else text


def _moment(seconds: int) -> str:
    return rfc3339(datetime.fromtimestamp(seconds, UTC)) if 0 < seconds < 2**33 else ""  # 0: never ends


FORMAT = Format(
    "dhcp_dnsmasq", "dnsmasq leases", ("/var/lib/misc/dnsmasq.leases", "/tmp/dhcp.leases (OpenWrt)",  # noqa: S108
    "/etc/pihole/dhcp.leases"), (tables.LEASE,), _looks, _read,
)  # fmt: skip
