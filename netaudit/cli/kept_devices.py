"""The devices of a run as they stand in its folder: for verbs that need their ids and no new judgement."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from netaudit.errors import UsageError
from netaudit.evidence.kept_lines import kept


def device_of(folder: Path, name: str) -> str:
    """Return the id of the device that a name means: id, address, MAC or serial number. Raises UsageError."""
    wanted = name.casefold()
    found = [str(row["device"]) for row in kept(folder, "devices.jsonl") if wanted in set(_names(row))]
    if len(found) != 1:
        raise UsageError(f"{len(found)} devices of this run are {name!r}: `netaudit devices --run {folder}` lists them")
    return found[0]


def _names(row: Mapping[str, Any]) -> Iterator[str]:
    serial = row.get("serial")
    known = (row.get("device"), *row.get("addresses", ()), *row.get("macs", ()))
    yield from (str(text).casefold() for text in known if text)
    if isinstance(serial, dict) and serial.get("value"):
        yield str(serial["value"]).casefold()
