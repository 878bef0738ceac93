"""Phases from groups: contain, confirm, the replacements, close. Each item says why it sits where it sits."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from netaudit.plan.groups import Batch, Ranked
from netaudit.plan.model import Phase, PlanItem, Replacement, Step
from netaudit.plan.planning import Planning
from netaudit.plan.replacement import replacement


@dataclass(frozen=True, slots=True)
class Turn:
    """A unit whose turn has come, with all that is said about it. `cost`, `cost_note` as in PlanItem."""

    unit: Ranked
    because: str
    new: Replacement
    cost: str
    cost_note: str


_STAYS = "a rule lets this unit stay with controls, and none asks to remove it"


def contain_phase(units: Sequence[Ranked], staying: Sequence[Ranked], planning: Planning) -> Phase:
    """Phase 0: measures for all units; those that may stay have their place here and no replacement."""
    stage = planning.stages["contain"]
    items = tuple(
        _item(unit, 0, f"{_STAYS}; score {unit.score}.", None, _actions("contain", unit, planning)) for unit in staying
    )
    return Phase(0, stage.title, stage.purpose, items, steps=_steps("contain", units, planning))


def confirm_phase(units: Sequence[Ranked], planning: Planning) -> Phase:
    """Phase 1: label photos and open questions for the units that are not certain."""
    stage = planning.stages["confirm"]
    return Phase(1, stage.title, stage.purpose, (), steps=_steps("confirm", units, planning))


def replace_phase(number: int, batch: Batch, planning: Planning) -> Phase:
    """Return one replacement phase of one site."""
    stage = planning.stages["replace"]
    place = batch.site or "site not known"
    items = tuple(
        _item(
            unit, number, _because(unit, place, group.units[0].id), replacement(unit.need.device, planning),
            _actions("replace", unit, planning),
        )
        for group in batch.groups
        for unit in group.units
    )  # fmt: skip
    deadline = min((item.deadline for item in items if item.deadline), default="")
    title = f"{stage.title}: {place}" + (f", part {batch.part}" if batch.part else "")
    return Phase(number, title, stage.purpose, items, deadline)


def close_phase(number: int, units: Sequence[Ranked], planning: Planning) -> Phase:
    """Return the last phase: second scan, sanitising, accounts, custody."""
    stage = planning.stages["close"]
    return Phase(number, stage.title, stage.purpose, (), steps=_steps("close", units, planning))


def _because(unit: Ranked, place: str, first: str) -> str:
    words = [f"at {place}"]
    if unit.recorder:
        words.append(f"in the same phase as its recorder {unit.recorder}, which is done first")
    elif unit.id != first:
        words.append(f"together with {first}")
    words.append(f"deadline {unit.need.deadline}" if unit.need.deadline else "no rule names a date for it")
    return f"{', '.join(words)}; score {unit.score}."


def period_phase(number: int, title: str, turns: Sequence[Turn], planning: Planning) -> Phase:
    """Return one replacement phase of a plan with periods; its units are at one or several sites."""
    stage = planning.stages["replace"]
    items = tuple(
        replace(
            _item(turn.unit, number, turn.because, turn.new, _actions("replace", turn.unit, planning)),
            cost=turn.cost, cost_note=turn.cost_note,
        )
        for turn in turns
    )  # fmt: skip
    deadline = min((item.deadline for item in items if item.deadline), default="")
    return Phase(number, f"{stage.title}: {title}", stage.purpose, items, deadline)


def _item(unit: Ranked, phase: int, because: str, new: Replacement | None, actions: tuple[str, ...]) -> PlanItem:
    need = unit.need
    return PlanItem(
        device=unit.id, site=need.device.site, phase=phase, status=need.status, score=unit.score, parts=unit.parts,
        replacement=new, actions=actions, deadline=need.deadline, because=because[0].upper() + because[1:],
        after=(unit.recorder,) if unit.recorder and new else (),
    )  # fmt: skip


def _actions(stage: str, unit: Ranked, planning: Planning) -> tuple[str, ...]:
    kind = unit.need.device.type.value or "unknown"
    return tuple(rule.text for rule in planning.steps if rule.stage == stage and rule.fits(kind, unit.need.status))


def _steps(stage: str, units: Sequence[Ranked], planning: Planning) -> tuple[Step, ...]:
    rules = (rule for rule in planning.steps if rule.stage == stage)
    rows = (Step(rule.text, rule.because, tuple(_fitting(rule.fits, units))) for rule in rules)
    return tuple(step for step in rows if step.devices)


def _fitting(fits: Callable[[str, str], bool], units: Sequence[Ranked]) -> Iterable[str]:
    return (unit.id for unit in units if fits(unit.need.device.type.value or "unknown", unit.need.status))
