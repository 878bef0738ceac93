"""The plan as plain data: what goes, where, in which order, what replaces it."""

from dataclasses import dataclass
from typing import Any, Final

from netaudit.plan.timetable import Timetable

NO_PRICE: Final = "needs your price file"


@dataclass(frozen=True, slots=True)
class PriorityPart:
    """One visible part of a priority: `label` for people, `points` added, `because` the fact behind it."""

    label: str
    points: int
    because: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """What class of unit replaces this one: never a product, never a price.

    `name`: e.g. "outdoor bullet camera, 4 MP class, IR".
    `known_from`: model code, ONVIF, typed, or "" (somebody has to look).
    """

    name: str
    form_factor: str
    megapixels: str
    features: tuple[str, ...]
    known_from: str


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One unit of the plan. `after`: devices that must be done in the same or an earlier phase (recorder first).

    `because`: why it sits in its phase. `cost`: empty until the owner's price file fills it; netaudit invents none.
    """

    device: str
    site: str
    phase: int
    status: str
    score: int
    parts: tuple[PriorityPart, ...]
    replacement: Replacement | None
    actions: tuple[str, ...]
    deadline: str = ""
    after: tuple[str, ...] = ()
    because: str = ""
    cost: str = ""
    cost_note: str = NO_PRICE


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do for several units in a phase, with the reason. A unit can stand in steps of several phases."""

    text: str
    because: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A batch of the plan. `items`: units whose turn it is, each in one phase only; `steps`: what else is done."""

    number: int
    title: str
    purpose: str
    items: tuple[PlanItem, ...]
    deadline: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All phases, and what the plan could not place, with the reason. `timetable`: periods and money, where planned."""

    phases: tuple[Phase, ...]
    unplaced: tuple[tuple[str, str], ...] = ()
    timetable: Timetable | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as a JSON object; `timetable` only where there is a planning file."""
        out: dict[str, Any] = {
            "phases": [_phase(phase) for phase in self.phases],
            "unplaced": [{"device": device, "why": why} for device, why in self.unplaced],
        }
        return out if self.timetable is None else out | {"timetable": self.timetable.to_dict()}


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "number": phase.number, "title": phase.title, "purpose": phase.purpose, "deadline": phase.deadline,
        "items": [_item(item) for item in phase.items],
        "steps": [{"text": s.text, "because": s.because, "devices": list(s.devices)} for s in phase.steps],
    }  # fmt: skip


def _item(item: PlanItem) -> dict[str, Any]:
    replacement = item.replacement
    return {
        "device": item.device, "site": item.site, "phase": item.phase, "status": item.status,
        "score": item.score,
        "parts": [{"label": p.label, "points": p.points, "because": p.because} for p in item.parts],
        "replacement": None if replacement is None else {
            "name": replacement.name, "form_factor": replacement.form_factor,
            "megapixels": replacement.megapixels, "features": list(replacement.features),
            "known_from": replacement.known_from,
        },
        "actions": list(item.actions), "deadline": item.deadline, "after": list(item.after),
        "because": item.because, "cost": item.cost, "cost_note": item.cost_note,
    }  # fmt: skip
