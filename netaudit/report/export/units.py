"""What every hand-over says of a unit: one flat record, names unique, nothing invented where nothing is known."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from netaudit.evidence.addresses import ip_of, mac_of
from netaudit.report.views import Card, Report
from netaudit.report.visible import clip, visible

UNKNOWN: Final = "Unknown"
LONGEST_NAME: Final = 60
LONGEST_TEXT: Final = 100
_LONGEST_SLUG: Final = 80


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the schedule. `brand`: the label it is sold under, else the maker; "" where neither is known."""

    card: Card
    name: str
    site: str
    type: str
    brand: str
    maker: str
    model: str
    serial: str
    firmware: str
    address: str
    mac: str
    note: str


def units(report: Report) -> Iterator[Unit]:
    """Yield the units in the order of the report."""
    names = _names(report)
    for card in report.units:
        device = card.device
        maker = _short(device.maker.name or device.maker.value or "")
        yield Unit(
            card=card,
            name=names[device.device],
            site=_short(card.site) or "Site not known",
            type=(device.type.value or "unknown").replace("_", " "),
            brand=_short(device.brand.name or device.brand.value or "") or maker,
            maker=maker,
            model=_short(device.model.value or ""),
            serial=_short(device.serial.value or ""),
            firmware=_short(device.firmware.value or ""),
            address=next(filter(_is_address, device.addresses), ""),
            mac=next((mac for mac in device.macs if mac_of(mac)), ""),
            note=_note(card, maker),
        )


def _short(text: str) -> str:
    """What a device says may be anything, and of any length: other systems' fields are not."""
    shown = visible(clip(text, LONGEST_TEXT)).strip()
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[: LONGEST_TEXT - 1]}…"


def _is_address(text: str) -> bool:
    return bool(ip_of(text))


def slug(text: str) -> str:
    """Return a text as lower-case letters, digits and dashes, never empty."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    # Slugs must differ where the names do, in any script and at any length.
    told = len(plain) <= _LONGEST_SLUG and any(char.isalnum() for char in plain)
    return (
        plain
        if told
        else f"{plain[:_LONGEST_SLUG]}-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}".strip("-")
    )


def _names(report: Report) -> dict[str, str]:
    """A name for each unit, used once: its own, else its address; the device id tells equal ones apart."""
    plain = {card.device.device: _plain(card) for card in report.units}
    count = Counter(name.casefold() for name in plain.values())
    return {
        device: name if count[name.casefold()] == 1 else f"{name} {device}"[: LONGEST_NAME + 4]
        for device, name in plain.items()
    }


def _plain(card: Card) -> str:
    device = card.device
    name = next((visible(name).strip() for name in device.names if visible(name).strip()), "")
    return name[: LONGEST_NAME - 20] or (device.addresses[0] if device.addresses else device.device)


def _note(card: Card, maker: str) -> str:
    words = [f"netaudit {visible(card.device.device)}: {card.status.replace('_', ' ')}"]
    if card.device.relabelled:
        words.append(f"made by {maker}, sold under another label")
    words.append(f"maker {card.device.maker.grade or 'unknown'}")
    if card.place.recorder and not card.place.direct:
        words.append(f"behind recorder {card.place.recorder}, channel {card.place.channel}, not directly seen")
    if card.place.switch:
        words.append(f"on {visible(card.place.switch)} {visible(card.place.switch_port)}")
    return "; ".join(words)
