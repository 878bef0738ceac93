"""What class of unit replaces this one. Never a product and never a price: those are the buyer's to choose."""

from netaudit.identify.device import Device
from netaudit.plan.model import Replacement
from netaudit.plan.planning import Planning

TO_BE_SEEN = "to be looked at on site"
_ABSENT = ("", "no", "false", "0")


def replacement(device: Device, planning: Planning) -> Replacement:
    """Return the class that follows from the model's traits; what is not known is left to somebody on site."""
    form = device.traits.get("form_factor", "")
    megapixels = device.traits.get("megapixels", "")
    features = _features(device, planning)
    return Replacement(
        name=_name(device, planning, features), form_factor=form, megapixels=megapixels, features=features,
        known_from="model code" if form or megapixels or features else "",
    )  # fmt: skip


def _name(device: Device, planning: Planning, features: tuple[str, ...]) -> str:
    kind = device.type.value or "unknown"
    what = planning.types.get(kind, kind.replace("_", " "))
    form = device.traits.get("form_factor", "")
    megapixels = device.traits.get("megapixels", "")
    shape = f"{planning.forms.get(form, form)} " if form and form != kind else ""
    resolution = [f"{megapixels} MP class"] if megapixels else []
    words = [shape + what, *resolution, *features]
    if kind == "camera" and not (form and megapixels):
        missing = " and ".join(n for n, v in (("form", form), ("resolution", megapixels)) if not v)
        words.append(f"{missing} {TO_BE_SEEN}")
    elif len(words) == 1 and not form:
        words.append(TO_BE_SEEN)
    return ", ".join(words)


def _features(device: Device, planning: Planning) -> tuple[str, ...]:
    return tuple(
        words.replace("{value}", device.traits[name])
        for name, words in planning.features.items()
        if device.traits.get(name, "") not in _ABSENT
    )
