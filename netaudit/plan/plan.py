"""From findings to a first plan. Pure and deterministic: the same input gives the same plan, in the same order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from netaudit.identify.device import Device
from netaudit.plan.groups import Ranked, batches
from netaudit.plan.model import Plan
from netaudit.plan.needs import Need, needs, set_aside
from netaudit.plan.phases import close_phase, confirm_phase, contain_phase, replace_phase
from netaudit.plan.planning import Planning
from netaudit.plan.priority import priority
from netaudit.policy.finding import Finding
from netaudit.policy.owner import OwnerFacts


def make_plan(
    devices: Sequence[Device],
    findings: Sequence[Finding],
    facts: OwnerFacts,
    planning: Planning,
    on: date,
    behind: Mapping[str, str] | None = None,
) -> Plan:
    """Return a first plan for the devices that need action.

    `behind`: camera to the recorder it hangs on, both as device ids, as far as known. `on`: the day of planning, which
    decides what is overdue. Every unit that needs action is an item of exactly one phase; what has no place is named
    in `unplaced` with the reason. Prices stay empty.
    """
    needing = needs(_once(devices), findings)
    units = _ranked(needing, facts, planning, on, behind or {})
    aside = set_aside(devices, findings)
    if not units:
        return Plan((), aside)
    # Whoever may stay leads no group: it is contained, not changed.
    staying = sorted((unit for unit in units if unit.need.remedy == "contain"), key=lambda unit: (-unit.score, unit.id))
    leaving = _reachable([unit for unit in units if unit.need.remedy != "contain"])
    rows = batches(leaving, planning.max_units)
    by_score = sorted(units, key=lambda unit: (-unit.score, unit.id))
    replacing = [replace_phase(number, batch, planning) for number, batch in enumerate(rows, 2)]
    last = close_phase(2 + len(rows), [unit for unit in by_score if unit.need.remedy != "contain"], planning)
    first = (contain_phase(by_score, staying, planning), confirm_phase(by_score, planning))
    return Plan((*first, *replacing, last), aside)


def _once(devices: Iterable[Device]) -> list[Device]:
    return list({device.device: device for device in devices}.values())


def _ranked(
    needing: Sequence[Need], facts: OwnerFacts, planning: Planning, on: date, behind: Mapping[str, str]
) -> list[Ranked]:
    rows = []
    for need in needing:
        above = behind.get(need.device.device, "")
        recorder = above if above != need.device.device else ""
        rows.append(Ranked(need, priority(need, facts, planning, on), recorder))
    return rows


def _reachable(units: Sequence[Ranked]) -> list[Ranked]:
    """Forget recorders that are not replaced: a camera waits only for one that is."""
    present = {unit.id for unit in units}
    return [unit if unit.recorder in present else Ranked(unit.need, unit.parts) for unit in units]
