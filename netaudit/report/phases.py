"""The plan as the report shows it: phases with their units, and how many of each replacement class they need."""

from collections import Counter
from collections.abc import Mapping, Sequence

from netaudit.plan.model import Phase, Plan, PlanItem, Step
from netaudit.report.views import Card, PhaseView, PlanRow, StepRow


def phase_views(plan: Plan, by_device: Mapping[str, Card]) -> tuple[PhaseView, ...]:
    """Return the phases in the order of the plan, rows by falling score."""
    return tuple(_phase(phase, by_device, plan.timetable is not None) for phase in plan.phases)


def _phase(phase: Phase, by_device: Mapping[str, Card], timed: bool) -> PhaseView:
    rows = sorted((_row(item, by_device, timed) for item in phase.items), key=lambda row: (-row.score, row.device))
    classes = Counter(row.replacement.name for row in rows if row.replacement)
    steps = tuple(_step(step, by_device) for step in phase.steps)
    wanted = tuple(sorted(classes.items(), key=lambda item: (-item[1], item[0])))
    return PhaseView(phase.number, phase.title, phase.purpose, phase.deadline, tuple(rows), wanted, steps)


def _row(item: PlanItem, by_device: Mapping[str, Card], timed: bool) -> PlanRow:
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
        because=item.because if timed else "",
        cost=item.cost if timed else "",
        cost_note=item.cost_note if timed else "",
    )


def _step(step: Step, by_device: Mapping[str, Card]) -> StepRow:
    numbers = sorted(by_device[device].no for device in step.devices if device in by_device)
    return StepRow(step.text, step.because, tuple(_runs(numbers)), len(step.devices))


def _runs(numbers: Sequence[int]) -> list[str]:
    """Write ascending numbers as ranges: "3", "7–12"."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] + 1 == number:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return [str(low) if low == high else f"{low}\u2013{high}" for low, high in runs]
