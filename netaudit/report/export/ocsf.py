"""OCSF: one Device Inventory Info event (class 5001) a unit, as JSON lines. Schema version 1.5.0."""

import json
from datetime import datetime
from typing import Any, Final

from netaudit import __version__
from netaudit.report.export.units import Unit, units
from netaudit.report.views import Report

SCHEMA: Final = "1.5.0"
_CLASS, _COLLECT, _INFORMATIONAL, _IOT = 5001, 2, 1, 7


def render(report: Report) -> dict[str, bytes]:
    """Return one file."""
    lines = (json.dumps(_event(unit, report), ensure_ascii=False, sort_keys=True) for unit in units(report))
    return {"inventory.ocsf.jsonl": "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")}


def _event(unit: Unit, report: Report) -> dict[str, Any]:
    return {
        "activity_id": _COLLECT,
        "category_uid": _CLASS // 1000,
        "class_uid": _CLASS,
        "type_uid": _CLASS * 100 + _COLLECT,
        "severity_id": _INFORMATIONAL,
        "time": _milliseconds(unit.card.device.last_seen or report.run.started),
        "message": unit.note,
        "metadata": {
            "version": SCHEMA,
            "uid": f"{report.run.run}/{unit.card.device.device}",
            "product": {"name": "netaudit", "vendor_name": "netaudit", "version": __version__},
        },
        "device": _device(unit),
        "unmapped": _known({"firmware": unit.firmware, "maker": unit.maker, "status": unit.card.status,
                            "relabelled": str(unit.card.device.relabelled)}),
    }  # fmt: skip


def _device(unit: Unit) -> dict[str, Any]:
    told = _known({
        "uid": unit.card.device.device, "name": unit.name, "ip": unit.address, "mac": unit.mac,
        "vendor_name": unit.brand, "model": unit.model, "type": unit.type,
    })  # fmt: skip
    told["type_id"] = _IOT
    if unit.serial:
        told["hw_info"] = {"serial_number": unit.serial}
    seen = unit.card.device
    return told | {"first_seen_time": _milliseconds(seen.first_seen), "last_seen_time": _milliseconds(seen.last_seen)}


def _known(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value}


def _milliseconds(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        return 0
