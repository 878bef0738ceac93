"""From findings to a first plan. Pure and deterministic: the same input gives the same plan, in the same order."""

from collections.abc import Mapping, Sequence
from datetime import date

from netaudit.identify.device import Device
from netaudit.plan.groups import batches
from netaudit.plan.model import Plan
from netaudit.plan.phases import close_phase, confirm_phase, contain_phase, replace_phase
from netaudit.plan.planning import Planning
from netaudit.plan.sorting import sort_out
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
    in `unplaced` with the reason. Prices stay empty. With a planning file use `scheduled_plan`.
    """
    sorted_ = sort_out(devices, findings, facts, planning, on, behind or {})
    if not sorted_.units:
        return Plan((), sorted_.aside)
    rows = batches(sorted_.leaving, planning.max_units)
    replacing = [replace_phase(number, batch, planning) for number, batch in enumerate(rows, 2)]
    going = [unit for unit in sorted_.units if unit.need.remedy != "contain"]
    last = close_phase(2 + len(rows), going, planning)
    first = (contain_phase(sorted_.units, sorted_.staying, planning), confirm_phase(sorted_.units, planning))
    return Plan((*first, *replacing, last), sorted_.aside)
