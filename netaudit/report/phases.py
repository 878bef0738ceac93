"""The plan as the report shows it: phases with their units, and how many of each replacement class they need."""

from collections import Counter
from collections.abc import Mapping

from netaudit.plan.model import Phase, Plan, PlanItem
from netaudit.report.views import Card, PhaseView, PlanRow


def phase_views(plan: Plan, by_device: Mapping[str, Card]) -> tuple[PhaseView, ...]:
    """Return the phases in the order of the plan, rows by falling score."""
    return tuple(_phase(phase, by_device) for phase in plan.phases)


def _phase(phase: Phase, by_device: Mapping[str, Card]) -> PhaseView:
    rows = sorted((_row(item, by_device) for item in phase.items), key=lambda row: (-row.score, row.device))
    classes = Counter(row.replacement.name for row in rows if row.replacement)
    wanted = tuple(sorted(classes.items(), key=lambda item: (-item[1], item[0])))
    return PhaseView(phase.number, phase.title, phase.purpose, phase.deadline, tuple(rows), wanted)


def _row(item: PlanItem, by_device: Mapping[str, Card]) -> PlanRow:
    return PlanRow(
        card=by_device.get(item.device),
        device=item.device,
        site=item.site,
        status=item.status,
        score=item.score,
        parts=item.parts,
        replacement=item.replacement,
        actions=item.actions,
        deadline=item.deadline,
        after=tuple(by_device[device] for device in item.after if device in by_device),
    )
