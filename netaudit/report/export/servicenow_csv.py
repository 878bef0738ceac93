"""ServiceNow import set: field names of the CMDB's hardware tables; the class of a camera differs by site."""

from typing import Final

from netaudit.report.csv_rows import csv_text
from netaudit.report.export.units import units
from netaudit.report.views import Report

COLUMNS: Final = (
    *("name", "serial_number", "asset_tag", "ip_address", "mac_address", "manufacturer", "model_id", "location"),
    *("install_status", "operational_status", "discovery_source", "first_discovered", "last_discovered"),
    *("sys_class_name", "firmware_version", "short_description"),
)
_INSTALLED: Final = "1"
_OPERATIONAL: Final = "1"
CLASS: Final = "cmdb_ci_ip_device"
"""A class that every instance has; an import map may change it."""


def render(report: Report) -> dict[str, bytes]:
    """Return one file."""
    rows = [
        (unit.name, unit.serial, unit.card.device.device, unit.address, unit.mac, unit.brand, unit.model, unit.site,
         _INSTALLED, _OPERATIONAL, "netaudit", _moment(unit.card.device.first_seen),
         _moment(unit.card.device.last_seen), CLASS, unit.firmware, unit.note)
        for unit in units(report)
    ]  # fmt: skip
    return {"servicenow-cmdb.csv": csv_text([COLUMNS, *rows]).encode()}


def _moment(text: str) -> str:
    """UTC as ServiceNow writes it: 2026-11-23 10:00:00."""
    return text[:19].replace("T", " ")
