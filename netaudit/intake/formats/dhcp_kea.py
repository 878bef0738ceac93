"""Leases of Kea: the memfile's CSV and the answer to lease4-get-all."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from netaudit.clock import rfc3339
from netaudit.evidence import tables
from netaudit.intake.columns import Cells, Layout, read_table, table_format
from netaudit.intake.head import Head
from netaudit.intake.json_items import listed, objects, text_of
from netaudit.intake.model import Format, Item, Told, told
from netaudit.intake.source import Source

_STATES: Final = {"0": "active", "1": "declined", "2": "expired", "3": "released"}
_COLUMNS: Final = {
    "address": "ip", "hwaddr": "mac", "expire": "ends", "hostname": "hostname", "state": "state",
    "clientid": "client_id", "usercontext": "context",
}  # fmt: skip
_NEEDS: Final = (frozenset({"address", "hwaddr", "validlifetime", "expire", "subnetid"}),)
_FOREVER: Final = 2**32 - 1


def _build(cells: Cells) -> Iterable[tables.Row | None]:
    yield _lease(cells, cells.get("context", "").replace("&#x2c", ","))


def _lease(cells: Cells, context: str) -> tables.Row | None:
    seconds = cells.get("ends", "")
    ends = _moment(int(seconds)) if seconds.isascii() and seconds.isdigit() and len(seconds) < 12 else ""
    state = _STATES.get(cells.get("state", "0"), "active")
    return tables.lease(
        cells.get("ip", ""), cells.get("mac", ""), hostname=cells.get("hostname", ""), ends=ends, state=state,
        client_id=cells.get("client_id", ""), vendor_class=_vendor_class(context),
    )  # fmt: skip


def _vendor_class(context: str) -> str:
    """Kea keeps option 60 in the context only where it was told to (store-extended-info or a hook)."""
    try:
        found = json.loads(context) if context.startswith("{") else {}
    except (ValueError, RecursionError):
        return ""
    return text_of(found, "vendor-class-identifier") or text_of(found, "ISC", "vendor-class-identifier")


def _moment(seconds: int) -> str:
    return rfc3339(datetime.fromtimestamp(seconds, UTC)) if 0 < seconds < _FOREVER else ""


def _read_csv(source: Source) -> Iterator[Item]:
    """The file grows at its end: of two rows of one address the later one holds. A row of lifetime 0 is a removal."""
    latest: dict[str, Told] = {}
    for item in read_table(source, _COLUMNS, _build):
        if not isinstance(item, Told):
            yield item
            continue
        latest[str(item.fields["ip"] if item.fields and "ip" in item.fields else item.row)] = item
    yield from (_ended(item, source) for item in latest.values())


def _ended(item: Told, source: Source) -> Told:
    fields = dict(item.fields or {})
    ends = str(fields.get("ends", ""))
    if ends and ends < source.at and fields.get("state") == "active":
        fields["state"] = "expired"
        texts = {key: value for key, value in fields.items() if isinstance(value, str)}
        row = tables.lease(texts.pop("ip", ""), texts.pop("mac", ""), **texts)
        return Told(item.row, row.kind, row.target, row.fields) if row else item
    return item


def _looks_json(head: Head) -> int:
    return 95 if '"hw-address"' in head.text and '"valid-lft"' in head.text else 0


def _read_json(source: Source) -> Iterator[Item]:
    number = 0
    with source.stream() as stream:
        for answer in objects(stream, source.losses.append):
            for entry in listed(answer, "arguments", "leases") or listed(answer, "leases") or [answer]:
                number += 1
                yield from told(number, _from_json(entry, source))


def _from_json(entry: Any, source: Source) -> tables.Row | None:
    begun, length = text_of(entry, "cltt"), text_of(entry, "valid-lft")
    known = (
        (begun + length).isascii()
        and begun.isdigit()
        and length.isdigit()
        and len(begun + length) < 24
        and int(length) < _FOREVER
    )
    context = entry.get("user-context") if isinstance(entry, dict) else None
    cells = {
        "ip": text_of(entry, "ip-address"), "mac": text_of(entry, "hw-address"), "hostname": text_of(entry, "hostname"),
        "state": text_of(entry, "state") or "0", "client_id": text_of(entry, "client-id"),
        "ends": str(int(begun) + int(length)) if known else "",
    }  # fmt: skip
    row = _lease(cells, json.dumps(context) if isinstance(context, dict) else "")
    ended = row is not None and str(row.fields.get("ends", "~")) < source.at and row.fields.get("state") == "active"
    return _lease(cells | {"state": "2"}, "") if ended else row


_CSV = table_format(
    "dhcp_kea", "Kea leases, the memfile", ("/var/lib/kea/kea-leases4.csv",), (tables.LEASE,),
    Layout(_COLUMNS, _NEEDS, _build),
)  # fmt: skip

FORMATS = (
    Format(_CSV.name, _CSV.title, _CSV.made_by, _CSV.gives, _CSV.looks, _read_csv),
    Format(
        "dhcp_kea_json", "Kea leases, the answer of the control channel", ("lease4-get-all", "lease4-get-page"),
        (tables.LEASE,), _looks_json, _read_json,
    ),
)  # fmt: skip
