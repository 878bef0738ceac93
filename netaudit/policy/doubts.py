"""What stands between "likely covered" and "covered": the reasons why a maker is not confirmed."""

from typing import Final

from netaudit.identify.device import Device
from netaudit.policy.rule import Case, Hit

# A label below this is itself in doubt.
_SURE_LABEL: Final = 0.9


def has_evidence(device: Device) -> bool:
    """Say whether anything that was observed stands behind the device's maker or label."""
    return any(reason.strength != "nothing" for reason in device.reasons)


def doubts(case: Case, hit: Hit, kind_known: bool) -> tuple[str, ...]:
    """Return the doubts as clauses, empty where the maker behind a hit is confirmed.

    `kind_known`: False where nobody knows whether the unit is a camera at all.
    """
    device = case.device
    found: list[str] = []
    if hit.by_label:
        found += ["its label is not sure"] if device.brand.confidence < _SURE_LABEL else []
        found += ["its maker is not known"] if not case.relations.knows(device.maker.value or "") else []
    elif device.maker.grade != "confirmed":
        found.append(f"its maker is only {device.maker.grade or 'unknown'}")
    elif _by_label_only(device):
        found.append("only its label tells the maker")
    if any(item.question == "maker" for item in device.contradictions):
        found.append("its clues contradict each other about the maker")
    if hit.doubt:
        found.append(hit.doubt)
    if not kind_known:
        found.append("what kind of unit it is is not known")
    return tuple(found)


def other_side(case: Case) -> str:
    """Return a maker that the rule names and that some clues of this device point to, else ""."""
    named = {entity.maker for entity in case.policy.entities if entity.named and entity.maker}
    wanted = case.policy.test.countries
    for item in case.device.contradictions:
        for side in item.sides if item.question == "maker" else ():
            abroad = bool(wanted) and any(c in wanted for c in case.relations.countries_above(side.value))
            if side.value in named or abroad:
                return side.value
    return ""


def _by_label_only(device: Device) -> bool:
    if device.relabelled is False:
        return False
    told = [reason for reason in device.reasons if reason.strength != "nothing"]
    return not any(r.says.get("maker") == device.maker.value or "platform" in r.says for r in told)
