"""Who has to go, who may stay, and who is set aside: the same for a plan with a planning file and for one without."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from netaudit.identify.device import Device
from netaudit.plan.groups import Ranked
from netaudit.plan.needs import Need, needs, set_aside
from netaudit.plan.planning import Planning
from netaudit.plan.priority import priority
from netaudit.policy.finding import Finding
from netaudit.policy.owner import OwnerFacts


@dataclass(frozen=True, slots=True)
class Sorted:
    """`units`: all that need action, most pressing first; `leaving` and `staying` (with controls) are parts of them."""

    units: tuple[Ranked, ...]
    leaving: tuple[Ranked, ...]
    staying: tuple[Ranked, ...]
    aside: tuple[tuple[str, str], ...]


def sort_out(
    devices: Sequence[Device],
    findings: Sequence[Finding],
    facts: OwnerFacts,
    planning: Planning,
    on: date,
    behind: Mapping[str, str],
) -> Sorted:
    """Rank the devices that need action. Arguments as of `make_plan`."""
    units = _ranked(needs(_once(devices), findings), facts, planning, on, behind)
    by_score = tuple(sorted(units, key=lambda unit: (-unit.score, unit.id)))
    # Whoever may stay leads no group: it is contained, not changed.
    staying = tuple(unit for unit in by_score if unit.need.remedy == "contain")
    leaving = _reachable([unit for unit in units if unit.need.remedy != "contain"])
    return Sorted(by_score, tuple(leaving), staying, set_aside(devices, findings))


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
