"""How urgent a unit is: the sum of visible parts, each with its points and the fact behind it."""

from datetime import date
from typing import Final

from netaudit.identify.device import Device
from netaudit.plan.model import PriorityPart
from netaudit.plan.needs import Need
from netaudit.plan.planning import PartRule, Planning
from netaudit.policy.owner import OwnerFacts

OWNERS_CHANGE: Final = "change by the owner"


def priority(need: Need, facts: OwnerFacts, planning: Planning, on: date) -> tuple[PriorityPart, ...]:
    """Return every part of the priority, those without points too, and the owner's changes last."""
    parts = [_part(rule, need, facts, on) for rule in planning.parts]
    parts += [
        PriorityPart(OWNERS_CHANGE, change.points, f"{change.reason} ({change.by})")
        for change in facts.overrides
        if change.device == need.device.device
    ]
    return tuple(parts)


def score(parts: tuple[PriorityPart, ...]) -> int:
    """Return the sum of the points: nothing else goes into it."""
    return sum(part.points for part in parts)


def _part(rule: PartRule, need: Need, facts: OwnerFacts, on: date) -> PriorityPart:
    if rule.source == "finding":
        return _of_finding(rule, need, on)
    if rule.source == "fact":
        return _of_fact(rule, need.device, facts)
    if rule.source == "type":
        kind = need.device.type.value or "unknown"
        return PriorityPart(rule.label, rule.values.get(kind, 0), f"type {kind.replace('_', ' ')}")
    return _of_trait(rule, need.device)


def _of_finding(rule: PartRule, need: Need, on: date) -> PriorityPart:
    state = need.state(on)
    first = min((f for f in need.findings if f.status == need.status), key=lambda f: (f.deadline or "9999", f.policy))
    day = f", {'since' if state == 'overdue' else 'by'} {first.deadline}" if state in ("overdue", "dated") else ""
    return PriorityPart(rule.label, rule.values.get(state, 0), f"{need.status} by {first.policy}{day}")


def _of_fact(rule: PartRule, device: Device, facts: OwnerFacts) -> PriorityPart:
    answer = facts.value(rule.fact, device.site, device.device)
    if answer is None:
        return PriorityPart(rule.label, 0, f"not known: {rule.fact} is not answered in owner.toml")
    points = max((rule.values.get(value, 0) for value in answer), default=0)
    return PriorityPart(rule.label, points, f"{rule.fact} = {', '.join(answer)} (owner.toml)")


def _of_trait(rule: PartRule, device: Device) -> PriorityPart:
    """Take the highest one: a unit with audio and faces is not twice as sensitive."""
    found = {name: points for name, points in rule.values.items() if _has(device, name)}
    if not found:
        return PriorityPart(rule.label, 0, "none known from the model")
    best = max(found, key=lambda name: (found[name], name))
    return PriorityPart(rule.label, found[best], f"{best.replace('=', ' ')}, from the model")


def _has(device: Device, name: str) -> bool:
    key, _, wanted = name.partition("=")
    value = device.traits.get(key, "")
    return value == wanted if wanted else value not in ("", "no", "false", "0")
