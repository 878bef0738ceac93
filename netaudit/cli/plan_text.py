"""The timetable of a plan as lines for a terminal."""

from collections.abc import Iterator

from netaudit.cli.terminal import harmless, table
from netaudit.plan.amounts import money, plain
from netaudit.plan.timetable import Timetable

_OUTCOMES = {
    "proven": "no better plan exists",
    "bounded": "a better plan may exist, at most {gap} % better",
    "unfit": "not all units fit, and that is proven",
    "open": "whether a better plan exists is not known",
}


def timetable_lines(plan: Timetable | None) -> Iterator[str]:
    """Yield the timetable: how good, what each period holds, the bill, what would have to give, remarks."""
    if plan is None:
        return
    yield f"Objective: {plan.label}. {_OUTCOMES[plan.outcome].format(gap=plan.gap).capitalize()} ({plan.solver})."
    yield from _reliefs(plan)
    yield ""
    yield from table(("PERIOD", "FROM", "UNTIL", "UNITS", "COST", "BUDGET", "CREW DAYS", "SITES"), _periods(plan))
    yield ""
    yield from table(("COST LINE", "PER", "TIMES", "AMOUNT", "SOURCE"), _bill(plan))
    total = plan.total
    yield f"Total of what is stated: {money(total.low, total.high, plan.currency) if total.high else 'nothing'}"
    yield f"{plan.priced} of {plan.units} units have a price."
    for note in plan.notes:
        yield f"Note: {harmless(note)}"
    for item in plan.refused:
        yield f"Not offered: {harmless(item.where)}: {harmless(item.why)}"
    yield ""


def _reliefs(plan: Timetable) -> Iterator[str]:
    from netaudit.plan.relief import told

    if plan.reliefs:
        yield "Not all units fit. Each of these would be enough by itself:"
        for relief in plan.reliefs:
            yield f"  {harmless(told(relief))}"


def _periods(plan: Timetable) -> Iterator[tuple[str, ...]]:
    for period in plan.periods:
        yield (
            period.name, period.start, period.end, str(period.units), money(period.spent, currency=plan.currency),
            "-" if period.budget is None else money(period.budget, currency=plan.currency),
            f"{plain(period.days)} of {plain(period.days_there)}", ", ".join(period.sites),
        )  # fmt: skip


def _bill(plan: Timetable) -> Iterator[tuple[str, ...]]:
    for line in plan.lines:
        amount = "not stated" if line.amount is None else money(line.amount.low, line.amount.high, plan.currency)
        times = plain(line.count) if line.per in ("day", "percent") else str(line.count)
        note = f"{line.source}, {line.date}" if line.source else ""
        yield line.label, line.per, times, amount + ("" if line.cash else " (no cash)"), note
