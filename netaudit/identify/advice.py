"""What is missing: which further clue would settle an open question."""

from netaudit.identify.device import SURVEILLANCE_TYPES, Device
from netaudit.identify.knowledge import Knowledge
from netaudit.identify.lineage import possible_makers

_SEARCH_LAYERS = frozenset({"sadp", "dhip", "vendor_search"})


def advice(device: Device, knowledge: Knowledge | None = None) -> tuple[str, ...]:
    """Return readable sentences, the cheapest clue first; empty where nothing is open."""
    lines: list[str] = []
    if device.maker.grade != "confirmed":
        lines += _for_maker(device, knowledge)
    if device.type.value in (None, "unknown"):
        lines.append("type: a look at the unit, or its model: by ONVIF with the owner's login, or typed by hand")
    if device.model.value is None and device.type.value in SURVEILLANCE_TYPES:
        lines.append(
            "model: ONVIF device information with the owner's login, the recorder's channel list, or the label"
        )
    return tuple(lines)


def _for_maker(device: Device, knowledge: Knowledge | None) -> list[str]:
    layers = {reason.layer for reason in device.reasons if reason.strength != "nothing"}
    lines = [_about_mac(device)]
    if not layers & _SEARCH_LAYERS:
        lines.append(
            "maker: no answer to a maker's own search protocol was heard; scan from the unit's own segment, "
            "where search packets reach it"
        )
    if "onvif" not in layers and "isapi" not in layers:
        lines.append("maker: firmware and serial number, read once with the owner's login, have the factory's shape")
    if device.brand.value and knowledge is not None:
        lines.append(_about_brand(device, knowledge))
    if device.contradictions:
        lines.append("maker: clues contradict each other; open the unit or read its type plate before deciding")
    return [line for line in lines if line]


def _about_mac(device: Device) -> str:
    if not device.macs:
        return "maker: no MAC came (the unit is behind a router); import the switch's or router's MAC table"
    states = {reason.signature.removeprefix("mac-") for reason in device.reasons if reason.layer == "mac"}
    if "locally-administered" in states:
        return "maker: the MAC is locally administered and names nobody; the recorder's list may hold the factory's MAC"
    if "no-match" in states:
        return "maker: the MAC is in no registry; update the registry tables, or check for a cloned address"
    return ""


def _about_brand(device: Device, knowledge: Knowledge) -> str:
    rows = possible_makers(device.brand.value or "", knowledge.brands)
    if not rows:
        return ""
    known = "; ".join(
        f"{knowledge.makers[maker].short or maker} ({scope}, {confidence} confidence)"
        for maker, scope, confidence in rows
    )
    return f"maker: {device.brand.name} is known to be built by {known}: a factory trait would decide"
