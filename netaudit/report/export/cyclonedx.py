"""CycloneDX 1.6 (JSON): each unit a component of type device, its firmware a component of type firmware inside it."""

import json
import uuid
from typing import Any, Final

from netaudit import __version__
from netaudit.report.export.units import UNKNOWN, Unit, units
from netaudit.report.views import Report

SPEC: Final = "1.6"
_OURS: Final = uuid.UUID("6c1a2a36-6f5d-5d0e-9a37-1f6e0c6b2f11")


def render(report: Report) -> dict[str, bytes]:
    """Return one file; the same run gives the same serial number."""
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": f"urn:uuid:{uuid.uuid5(_OURS, report.run.run)}",
        "version": 1,
        "metadata": {
            "timestamp": report.run.ended or report.run.started,
            "tools": {"components": [{"type": "application", "name": "netaudit", "version": __version__}]},
        },
        "components": [_component(unit) for unit in units(report)],
    }
    return {
        "inventory.cdx.json": (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    }


def _component(unit: Unit) -> dict[str, Any]:
    properties = {
        "cdx:device:type": unit.type, "cdx:device:serialNumber": unit.serial, "cdx:device:macAddress": unit.mac,
        "netaudit:address": unit.address, "netaudit:site": unit.site, "netaudit:maker": unit.maker,
        "netaudit:status": unit.card.status,
    }  # fmt: skip
    made: dict[str, Any] = {
        "type": "device",
        "bom-ref": unit.card.device.device,
        "name": unit.model or f"{UNKNOWN} {unit.type}",
        "description": unit.note,
        "properties": [{"name": name, "value": value} for name, value in properties.items() if value],
    }
    if unit.brand:
        made["manufacturer"] = {"name": unit.brand}
    if unit.firmware:
        made["components"] = [{
            "type": "firmware", "bom-ref": f"{unit.card.device.device}-firmware", "name": f"{made['name']} firmware",
            "version": unit.firmware,
        }]  # fmt: skip
    return made
