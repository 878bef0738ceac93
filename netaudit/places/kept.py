"""What people typed, kept by device across scans: one JSON file, written whole or not at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from netaudit.errors import DataError
from netaudit.identify.device import Device
from netaudit.places.columns import SHEETS

VERSION: Final = 1
_MAX_BYTES: Final = 256 * 1024 * 1024
_EXPECTED: Final = "places.json as `netaudit register` writes it"
Rows = Mapping[str, Mapping[str, str]]
_NONE: Final[Rows] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Left:
    """A cell that could not be used, kept so that nothing is lost. `cell`: e.g. "Schedule!F7"."""

    file: str
    cell: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor plan. `image`: file name in the folder of images; `width`, `height` in pixels."""

    site: str
    floor: str
    image: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Kept:
    """`rows`: sheet to device to column to value. `extra`: the same for columns of your own, by their headings.

    `known`: device to serial, mac, ip and site, by which it is found again when its id has changed.
    """

    rows: Mapping[str, Rows] = field(default_factory=lambda: dict.fromkeys(SHEETS, _NONE))
    extra: Mapping[str, Rows] = field(default_factory=lambda: dict.fromkeys(SHEETS, _NONE))
    known: Rows = field(default_factory=lambda: _NONE)
    left: tuple[Left, ...] = ()
    floors: tuple[Floor, ...] = ()

    def typed(self, device: str, sheet: str = "schedule") -> Mapping[str, str]:
        """Return what was typed about a device."""
        return self.rows.get(sheet, _NONE).get(device, {})


def read_kept(path: Path) -> Kept:
    """Read the file; one that is not there holds nothing. Raises DataError."""
    if not path.is_file():
        return Kept()
    try:
        raw = path.read_bytes()
        data = json.loads(raw[: _MAX_BYTES + 1])
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(str(path), f"cannot be used: {error}", _EXPECTED) from error
    if not isinstance(data, dict) or data.get("v") != VERSION:
        raise DataError(str(path), "is of another kind or version", _EXPECTED)
    try:
        return Kept(
            rows={sheet: _rows(data["rows"].get(sheet, {})) for sheet in SHEETS},
            extra={sheet: _rows(data["extra"].get(sheet, {})) for sheet in SHEETS},
            known=_rows(data["known"]),
            left=tuple(Left(**item) for item in data["left"]),
            floors=tuple(Floor(**item) for item in data["floors"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(str(path), f"is not as it was written: {error}", _EXPECTED) from error


def write_kept(path: Path, kept: Kept) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.write_text(json.dumps(to_dict(kept), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def to_dict(kept: Kept) -> dict[str, Any]:
    """Return the JSON object, keys sorted, so that the same edits give the same bytes."""
    return {
        "v": VERSION,
        "rows": {sheet: _sorted(kept.rows.get(sheet, _NONE)) for sheet in SHEETS},
        "extra": {sheet: _sorted(kept.extra.get(sheet, _NONE)) for sheet in SHEETS},
        "known": _sorted(kept.known),
        "left": [{"file": i.file, "cell": i.cell, "text": i.text, "why": i.why} for i in kept.left],
        "floors": [
            {"site": f.site, "floor": f.floor, "image": f.image, "width": f.width, "height": f.height}
            for f in kept.floors
        ],
    }


def rekeyed(kept: Kept, devices: list[Device]) -> Kept:
    """Move what was typed to the devices of this run: same id, else same serial number, MAC, or address at its site.

    A device that several kept rows could mean gets none of them; those stay under their old keys, and are shown.
    """
    moves: dict[str, str] = {}
    present = {device.device for device in devices}
    finders = [_index(devices, name) for name in ("serial", "mac", "ip")]
    for old, known in kept.known.items():
        if old not in present:
            found = {device for index, name in finders if (device := index.get(_key(known, name)))}
            if len(found) == 1:
                moves[old] = found.pop()
    taken = list(moves.values())
    typed = {name for sheet in SHEETS for name in (*kept.rows[sheet], *kept.extra[sheet])}
    moves = {old: new for old, new in moves.items() if taken.count(new) == 1 and new not in typed}
    if not moves:
        return kept
    return replace(
        kept,
        rows={sheet: _moved(rows, moves) for sheet, rows in kept.rows.items()},
        extra={sheet: _moved(rows, moves) for sheet, rows in kept.extra.items()},
        known=_moved({**kept.known, **{new: kept.known[old] for old, new in moves.items()}}, {}, set(moves)),
    )


def facts_of(device: Device) -> dict[str, str]:
    """Return by what a device is found again."""
    facts = {
        "serial": device.serial.value or "", "mac": device.macs[0] if device.macs else "",
        "ip": device.addresses[0] if device.addresses else "", "site": device.site,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value}


def _index(devices: list[Device], name: str) -> tuple[dict[str, str], str]:
    found: dict[str, str] = {}
    for device in devices:
        if key := _key(facts_of(device), name):
            found[key] = "" if key in found else device.device
    return found, name


def _key(known: Mapping[str, str], name: str) -> str:
    value = known.get(name, "")
    # An address can be given to another unit: it speaks only where neither serial number nor MAC is known.
    if name == "ip" and value:
        return "" if known.get("serial") or known.get("mac") else f"{known.get('site', '')}|{value}"
    return value


def _moved(rows: Rows, moves: Mapping[str, str], gone: set[str] | None = None) -> dict[str, Mapping[str, str]]:
    return {moves.get(name, name): row for name, row in rows.items() if name not in (gone or set())}


def _rows(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    return {str(name): {str(key): str(value) for key, value in row.items()} for name, row in data.items()}


def _sorted(rows: Rows) -> dict[str, dict[str, str]]:
    return {name: dict(sorted(rows[name].items())) for name in sorted(rows)}
