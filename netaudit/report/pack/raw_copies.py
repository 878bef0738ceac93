"""The answers of each device as plain files, as received, so that no program is needed to look at them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from netaudit.evidence.observation import Observation
from netaudit.evidence.pack.names import safe
from netaudit.identify.device import Device
from netaudit.report.csv import safe_cell

INDEX: Final = "raw/index.csv"
_HEAD: Final = ("file", "device", "observation", "kind", "at", "origin", "address", "port", "mac")


def raw_copies(devices: Sequence[Device], log: Mapping[str, Observation]) -> dict[str, bytes]:
    """Return raw/<device>/<nn>-<kind>.<ext> for every observation that kept bytes, and raw/index.csv."""
    files: dict[str, bytes] = {}
    rows: list[Sequence[str]] = [_HEAD]
    for device in devices:
        for name, item in _named(device, log):
            if item.raw is not None:
                files[name] = item.raw
            rows.append(_row(name if item.raw is not None else "", device, item))
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return files | {INDEX: out.getvalue().encode("utf-8", "replace")}


def _named(device: Device, log: Mapping[str, Observation]) -> Iterator[tuple[str, Observation]]:
    folder = f"raw/{safe(device.device)}"
    known = [log[key] for key in dict.fromkeys(device.observations) if key in log]
    for number, item in enumerate(known, 1):
        yield f"{folder}/{number:02}-{safe(item.kind)}.{_ending(item.raw or b'')}", item


def _ending(raw: bytes) -> str:
    head = raw[:4096].lstrip()
    if any(byte < 0x20 and byte not in b"\t\r\n" for byte in head):
        return "bin"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "bin"
    return {b"<": "xml", b"{": "json", b"[": "json"}.get(head[:1], "txt")


def _row(name: str, device: Device, item: Observation) -> Sequence[str]:
    target = item.target
    where = (str(target.get(key) or "") for key in ("ip", "port", "mac"))
    return (name, device.device, item.id, item.kind, item.at, item.origin, *where)
