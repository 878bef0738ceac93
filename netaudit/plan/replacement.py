"""What class of unit replaces this one. Never a product and never a price: those are the buyer's to choose."""

from collections.abc import Mapping
from dataclasses import dataclass

from netaudit.identify.device import Device
from netaudit.plan.hangs import Hang
from netaudit.plan.model import Replacement
from netaudit.plan.planning import Planning

TO_BE_SEEN = "to be looked at on site"
_ABSENT = ("", "no", "false", "0")


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a unit's form. `values`: trait to value; `known_from`: model code, ONVIF, switch, typed."""

    values: Mapping[str, str]
    known_from: tuple[str, ...]


def traits_of(device: Device, hang: Hang | None = None, typed: Mapping[str, str] | None = None) -> Traits:
    """Join what the model's code says, what was heard of the unit's place, and what people typed; the last one wins."""
    heard = {"onvif": ", ".join(hang.profiles)} if hang and hang.profiles else {}
    fed = {"poe": "yes"} if hang and hang.watts not in ("", "0", "0.0") else {}
    said = {name: value for name, value in (typed or {}).items() if value}
    sources = (("model code", device.traits), ("ONVIF", heard), ("switch", fed), ("typed", said))
    known = tuple(name for name, values in sources if any(value not in _ABSENT for value in values.values()))
    return Traits({**device.traits, **heard, **fed, **said}, known)


def replacement(device: Device, planning: Planning, known: Traits | None = None) -> Replacement:
    """Return the class that follows from the unit's traits; what is not known is left to somebody on site."""
    known = known or traits_of(device)
    form = known.values.get("form_factor", "")
    megapixels = known.values.get("megapixels", "")
    features = _features(known.values, planning)
    return Replacement(
        name=_name(device, known.values, planning, features), form_factor=form, megapixels=megapixels,
        features=features, known_from=", ".join(known.known_from) if form or megapixels or features else "",
    )  # fmt: skip


def _name(device: Device, traits: Mapping[str, str], planning: Planning, features: tuple[str, ...]) -> str:
    kind = device.type.value or "unknown"
    what = planning.types.get(kind, kind.replace("_", " "))
    form = traits.get("form_factor", "")
    megapixels = traits.get("megapixels", "")
    shape = f"{planning.forms.get(form, form)} " if form and form != kind else ""
    resolution = [f"{megapixels} MP class"] if megapixels else []
    words = [shape + what, *resolution, *features]
    if kind == "camera" and not (form and megapixels):
        missing = " and ".join(n for n, v in (("form", form), ("resolution", megapixels)) if not v)
        words.append(f"{missing} {TO_BE_SEEN}")
    elif len(words) == 1 and not form:
        words.append(TO_BE_SEEN)
    return ", ".join(words)


def _features(traits: Mapping[str, str], planning: Planning) -> tuple[str, ...]:
    return tuple(
        words.replace("{value}", traits[name])
        for name, words in planning.features.items()
        if traits.get(name, "") not in _ABSENT
    )
