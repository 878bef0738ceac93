"""Snipe-IT asset import: the header words of its default field map (app/Importer/Importer.php).

The asset tag is the key by which a second import updates: the device's stable id.
"""

from typing import Final

from netaudit.report.csv_rows import csv_text
from netaudit.report.export.units import UNKNOWN, units
from netaudit.report.views import Report

COLUMNS: Final = (
    *("asset tag", "item name", "model name", "model number", "manufacturer", "category", "serial number", "status"),
    *("location", "notes", "ip address", "mac address", "firmware"),
)
"""The last three are custom fields: Snipe-IT asks where to put them."""


def render(report: Report) -> dict[str, bytes]:
    """Return one file."""
    rows = [
        (unit.card.device.device, unit.name, unit.model or f"{UNKNOWN} {unit.type}", unit.model, unit.brand or UNKNOWN,
         unit.type, unit.serial, "Ready to Deploy", unit.site, unit.note, unit.address, unit.mac, unit.firmware)
        for unit in units(report)
    ]  # fmt: skip
    return {"snipeit-assets.csv": csv_text([COLUMNS, *rows]).encode()}
