"""Tables as switches, routers and hosts print them: each dialect is one pattern of a row, the reading is shared.

A pattern's named groups say what it tells: `ip` with `mac` is an ARP row, `mac` with `port` a forwarding row; further
groups (vlan, interface, type, state, name) become fields. `context` patterns set such values for the rows that follow,
`switch` among them: the name in a prompt.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.evidence import tables
from netaudit.evidence.addresses import mac_of
from netaudit.intake.head import Head
from netaudit.intake.model import Format, Item, Unread, told
from netaudit.intake.source import Source

MAC: Final = (
    r"(?P<mac>(?:[0-9A-Fa-f]{1,2}[:-]){5}[0-9A-Fa-f]{1,2}|[0-9A-Fa-f]{4}[.-][0-9A-Fa-f]{4}[.-][0-9A-Fa-f]{4}"
    r"|[0-9A-Fa-f]{6}-[0-9A-Fa-f]{6}|[0-9A-Fa-f]{12})"
)
"""A MAC in every spelling that a table is printed with."""
IP: Final = r"(?P<ip>(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:]+(?:%\w+)?)"
_ANY_MAC: Final = re.compile(r"(?<![\w:.-])" + MAC.replace("?P<mac>", "?:") + r"(?![\w:.-])")
_LONGEST: Final = 400
_PROMPT: Final = re.compile(
    r"(?:<(?P<a>[\w.-]{1,63})>|\[[\w.-]{1,32}@(?P<b>[^\]\s]{1,63})\] ?>"
    r"|(?:[\w.-]{1,32}@)?(?P<c>[\w.-]{1,63})(?:\([\w-]+\))?[#>])"
    r" ?(?:show|display|sh|dis|/?ip |/interface|arp)\b"
)
_NO_PORT: Final = frozenset(
    {"cpu", "router", "switch", "self", "management", "all-members", "-", "--", "drop", "flood"}
)
_ROW_SHARE: Final = 60
_MARK: Final = 35


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to print a table. `example` is a row of it, for the tests and the reference page."""

    row: re.Pattern[str]
    example: str


def dialect(pattern: str, example: str) -> Dialect:
    """Compile a row's pattern: MAC and IP stand for the groups `mac` and `ip`, blanks match any number of blanks."""
    made = pattern.replace("IP", IP).replace("MAC", MAC).replace(" ", r"\s+")
    return Dialect(re.compile(made, re.IGNORECASE), example)


def printed(
    name: str,
    title: str,
    made_by: tuple[str, ...],
    dialects: Sequence[Dialect],
    marks: str,
    context: Sequence[str] = (),
    note: str = "",
) -> Format:
    """Make the format of some dialects. `marks`: a pattern that heads of such tables show, to tell them apart."""
    mark = re.compile(marks, re.IGNORECASE)
    around = [re.compile(item, re.IGNORECASE) for item in context]
    gives = tuple(kind for kind, group in ((tables.ARP, "ip"), (tables.MAC, "port")) if _has(dialects, group))
    return Format(
        name, title, made_by, gives,
        lambda head: _looks(head, dialects, mark), lambda source: _read(source, dialects, around), note,
    )  # fmt: skip


def _has(dialects: Sequence[Dialect], group: str) -> bool:
    return any(group in item.row.groupindex for item in dialects)


def _looks(head: Head, dialects: Sequence[Dialect], mark: re.Pattern[str]) -> int:
    rows = [line for line in head.lines if len(line) <= _LONGEST and _ANY_MAC.search(line)]
    if not rows or any(line.startswith(("{", "<?xml", "<!", "<nmaprun", "[{")) for line in head.lines[:3]):
        return 0
    fitting = sum(any(item.row.fullmatch(line) for item in dialects) for line in rows)
    share = _ROW_SHARE * fitting // len(rows)
    return share + _MARK if share and any(mark.search(line) for line in head.lines) else share


def _read(source: Source, dialects: Sequence[Dialect], context: Sequence[re.Pattern[str]]) -> Iterator[Item]:
    known = {"source": source.owner} if source.owner else {}
    for number, line in source.lines():
        text = line[:_LONGEST].strip()
        if prompt := _PROMPT.match(text):
            if not source.owner:
                known = {"source": next(filter(None, prompt.groups()))}  # the next table has no context yet
            continue
        if not (match := next((found for item in dialects if (found := item.row.fullmatch(text))), None)):
            _remember(known, context, text)
            if mac := _ANY_MAC.search(text):
                yield Unread(number, f"has the address {mac[0]}, but is no row of this table")
            continue
        yield from _items(number, known | _said(match))


def _said(match: re.Match[str]) -> dict[str, str]:
    return {key: value for key, value in match.groupdict().items() if value and value != "-"}


def _remember(known: dict[str, str], context: Sequence[re.Pattern[str]], text: str) -> None:
    for pattern in context:
        if found := pattern.search(text):
            known |= {key: value for key, value in found.groupdict().items() if value}


def _items(number: int, values: dict[str, str]) -> Iterator[Item]:
    mac = values.pop("mac", "")
    ip, port = values.pop("ip", ""), values.pop("port", "")
    if ip:
        yield from told(number, tables.arp(ip, mac, **values))
    if port and port.lower().partition(" ")[0] not in _NO_PORT and not is_group(mac):
        switch = values.get("source", "")
        vlan = {key: values[key] for key in ("vlan", "type", "source") if key in values}
        yield from told(number, tables.forwarding(mac, switch=switch, port=port, **vlan))


def is_group(mac: str) -> bool:
    """True for a MAC of a group: an entry that a switch makes itself, and no unit."""
    plain = mac_of(mac)
    return bool(plain) and bool(int(plain[1], 16) & 1)
