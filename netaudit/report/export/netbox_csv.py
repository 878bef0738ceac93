"""NetBox bulk import: sites, manufacturers, device types, roles, devices, interfaces, MAC addresses, in that order.

Column names are those of NetBox's import forms (netbox/dcim/forms/bulk_import.py): site, role and device type must be
there before a device names them, so they come first. MAC addresses are objects of their own (NetBox 4.2 and later).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from netaudit.report.csv_rows import csv_text
from netaudit.report.export.units import UNKNOWN, Unit, slug, units
from netaudit.report.views import Report

INTERFACE: Final = "eth0"
COLUMNS: Final = {
    "1-sites.csv": ("name", "slug", "status"),
    "2-manufacturers.csv": ("name", "slug"),
    "3-device-types.csv": ("manufacturer", "model", "slug", "u_height"),
    "4-device-roles.csv": ("name", "slug", "color"),
    "5-devices.csv": (
        *("name", "role", "manufacturer", "device_type", "serial", "status", "site", "description", "comments"),
    ),
    "6-interfaces.csv": ("device", "name", "type", "enabled", "poe_mode", "description"),
    "7-mac-addresses.csv": ("mac_address", "device", "interface", "is_primary"),
}


def render(report: Report) -> dict[str, bytes]:
    """Return the seven files."""
    every = list(units(report))
    rows: dict[str, Iterable[Sequence[str]]] = {
        "1-sites.csv": _once((unit.site, slug(unit.site), "active") for unit in every),
        "2-manufacturers.csv": _once((brand_of(unit), slug(brand_of(unit))) for unit in every),
        "3-device-types.csv": _once(
            (brand_of(unit), model_of(unit), slug(f"{brand_of(unit)} {model_of(unit)}"), "0") for unit in every
        ),
        "4-device-roles.csv": _once((unit.type, slug(unit.type), "607d8b") for unit in every),
        "5-devices.csv": [
            (unit.name, unit.type, brand_of(unit), model_of(unit), unit.serial[:50], "active", unit.site,
             unit.note[:200], unit.note)
            for unit in every
        ],
        "6-interfaces.csv": [
            (unit.name, INTERFACE, "other", "true", "pd" if unit.card.place.poe_watts else "", port_of(unit))
            for unit in every
            if unit.mac
        ],
        "7-mac-addresses.csv": [(unit.mac, unit.name, INTERFACE, "true") for unit in every if unit.mac],
    }  # fmt: skip
    return {name: csv_text([COLUMNS[name], *found]).encode() for name, found in rows.items()}


def _once(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(rows))


def brand_of(unit: Unit) -> str:
    """Return the label it is sold under, or that it is unknown: NetBox wants a manufacturer."""
    return unit.brand or UNKNOWN


def model_of(unit: Unit) -> str:
    """Return the model, or that it is unknown: NetBox wants a device type."""
    return unit.model or f"{UNKNOWN} {unit.type}"


def port_of(unit: Unit) -> str:
    """Return switch and port, "" where not known."""
    place = unit.card.place
    return f"{place.switch} {place.switch_port}".strip()[:200]
