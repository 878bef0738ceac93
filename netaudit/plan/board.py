"""Changing a plan by hand: a unit moves to another phase, and what that breaks is said at once. Pure.

A plan is here its document (`Plan.to_dict`, plan.json).
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netaudit.errors import UsageError

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Misfit:
    """What somebody should know about a unit where it stands now."""

    device: str
    text: str


def move(plan: Document, device: str, phase: int, by: str) -> dict[str, Any]:
    """Return the plan with a unit in another phase, marked as placed by hand. Raises UsageError for unknown ones."""
    return move_all(plan, {device: phase}, by)


def move_all(plan: Document, moves: Mapping[str, int], by: str) -> dict[str, Any]:
    """Return the plan with units (by device) in other phases. UsageError for unknown ones: then nothing moves."""
    changed = copy.deepcopy(dict(plan))
    phases = {item["number"]: item for item in changed["phases"]}
    items = {unit["device"]: unit for unit in _items(changed) if unit["device"] in moves}
    for device, phase in moves.items():
        if device not in items:
            raise UsageError(f"the plan has no unit {device}")
        if phase not in phases:
            raise UsageError(f"the plan has no phase {phase}")
    for of_phase in phases.values():
        of_phase["items"] = [unit for unit in of_phase["items"] if unit["device"] not in moves]
    for device, phase in moves.items():
        item = items[device]
        # Where the plan had it stays known: the money of the phases is counted from there.
        item |= {"phase": phase, "because": f"placed here by {by}", "planned": item.get("planned", item["phase"])}
        phases[phase]["items"].append(item)
    return changed


def checks(plan: Document) -> list[Misfit]:
    """Return what does not fit: a unit before what it waits for, or in a phase that ends after its deadline."""
    where = {unit["device"]: unit["phase"] for unit in _items(plan)}
    ends = {phase["number"]: phase.get("deadline", "") for phase in plan["phases"]}
    found = []
    for unit in _items(plan):
        for other in unit.get("after", ()):
            if where.get(other, 0) > unit["phase"]:
                found.append(Misfit(unit["device"], f"waits for {other}, which comes later (phase {where[other]})"))
        deadline, end = unit.get("deadline", ""), ends.get(unit["phase"], "")
        if deadline and end and end > deadline:
            found.append(Misfit(unit["device"], f"must be done by {deadline}, and its phase ends {end}"))
    return found


def _items(plan: Document) -> Iterator[dict[str, Any]]:
    for phase in plan["phases"]:
        yield from phase["items"]
