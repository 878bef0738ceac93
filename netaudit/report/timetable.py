"""The plan in time and money as the report shows it: how good it is, what each period holds, every line of cost."""

from collections.abc import Iterator
from typing import Final

from netaudit.plan.costs import LineSum
from netaudit.plan.problem import Relief
from netaudit.plan.timetable import PeriodUse, Timetable
from netaudit.report.tables import DASH, Cell, Column, Table
from netaudit.report.texts import Texts

_WHOLE: Final = 100
_MONEY: Final = (6, 7, 8)
"""Places of the columns of money: cost, budget, share used."""


def periods(plan: Timetable, texts: Texts) -> Table:
    """Return one row a period: phase, units, sites, money spent of the budget, days of crews of those there are."""
    columns = (
        Column(texts("period.name"), "text", 12), Column(texts("period.from"), "text", 12),
        Column(texts("period.until"), "text", 12), Column(texts("schedule.phase"), "number", 8),
        Column(texts("sites.units"), "number", 8), Column(texts("period.sites"), "text", 30),
        Column(_in(texts("period.cost"), plan), "amount", 14), Column(_in(texts("period.budget"), plan), "amount", 14),
        Column(texts("period.used"), "share", 10), Column(texts("period.crews"), "number", 8),
        Column(texts("period.days"), "amount", 10), Column(texts("period.days_there"), "amount", 10),
    )  # fmt: skip
    if not _has_money(plan):
        return _without_money(plan, columns, texts)
    rows = tuple(_period(period) for period in plan.periods)
    units, spent = sum(item.units for item in plan.periods), sum(item.spent for item in plan.periods)
    days, there = sum(item.days for item in plan.periods), sum(item.days_there for item in plan.periods)
    foot: tuple[Cell, ...] = (texts("period.total"), "", "", "", units, "", spent, "", "", "", days, there)
    return Table(texts("period.caption"), columns, rows, foot=foot)


def _has_money(plan: Timetable) -> bool:
    return bool(plan.lines) or any(item.spent or item.budget is not None for item in plan.periods)


def _without_money(plan: Timetable, columns: tuple[Column, ...], texts: Texts) -> Table:
    """Return the periods without the columns of money: of a redacted plan, or one without any figure."""
    kept = [place for place in range(len(columns)) if place not in _MONEY]
    rows = [tuple(_period(period)[place] for place in kept) for period in plan.periods]
    return Table(texts("period.caption"), tuple(columns[place] for place in kept), tuple(rows))


def _period(period: PeriodUse) -> tuple[Cell, ...]:
    used: Cell = DASH if not period.budget else period.spent / period.budget
    return (
        period.name, period.start, period.end, DASH if period.phase is None else period.phase, period.units,
        ", ".join(period.sites) or DASH, period.spent, DASH if period.budget is None else period.budget, used,
        period.crews, period.days, period.days_there,
    )  # fmt: skip


def costs(plan: Timetable, texts: Texts) -> Table:
    """Return one row a line of cost; a line without a figure says so, and one without cash is not in the total."""
    columns = (
        Column(texts("cost.line"), "text", 34), Column(texts("cost.per"), "text", 12),
        Column(texts("cost.count"), "amount", 10), Column(_in(texts("cost.low"), plan), "amount", 16),
        Column(_in(texts("cost.high"), plan), "amount", 16), Column(texts("cost.source"), "text", 34),
        Column(texts("cost.date"), "text", 12),
    )  # fmt: skip
    total = plan.total
    foot: tuple[Cell, ...] = (texts("cost.total"), "", "", total.low, total.high, "", "")
    return Table(texts("cost.caption"), columns, tuple(_line(line, texts) for line in plan.lines), foot=foot)


def _line(line: LineSum, texts: Texts) -> tuple[Cell, ...]:
    # Times are counted in ones, but days and per cent in hundredths.
    count = line.count if line.per in ("day", "percent") else line.count * _WHOLE
    low: Cell = texts("cost.not_stated") if line.amount is None else line.amount.low
    high: Cell = texts("cost.not_stated") if line.amount is None else line.amount.high
    label = _label(line, texts) if line.cash else texts("cost.no_cash", line=_label(line, texts))
    source = line.source or (texts("cost.price_file") if line.id == "product" and line.amount else DASH)
    times: Cell = DASH if line.per == "percent" and line.amount is None else count
    return (label, texts(f"cost_per.{line.per}"), times, low, high, source, line.date or DASH)


def _label(line: LineSum, texts: Texts) -> str:
    """Return the word of the catalogue; a line of somebody's own rules has only its label."""
    key = f"cost_line.{line.id}"
    return texts(key) if texts.has(key) else line.label


def _in(head: str, plan: Timetable) -> str:
    return f"{head} ({plan.currency})" if plan.currency else head


def remarks(plan: Timetable, texts: Texts) -> Iterator[str]:
    """Yield sentences: what came first, how good the plan is, how many units have a price, what a reader must know."""
    first = texts("objective.first", what=texts(f"objective.{plan.objective}"))
    proven = texts(f"outcome_plan.{plan.outcome}", gap=plan.gap.replace(".", texts("number.decimal")))
    yield f"{first} {proven}"
    if plan.lines:
        yield texts("cost.priced", n=plan.priced, units=plan.units)
    if plan.contained:
        told = "; ".join(f"{site or texts('page.no_site')}: {name}" for site, name in plan.contained.items())
        yield texts("period.contained", list=told)
    if any(item.budget is not None and item.spent > item.budget for item in plan.periods):
        yield texts("period.carried")
    yield from map(texts.say, plan.notes)


def reliefs(plan: Timetable, texts: Texts) -> list[str]:
    """Return what would have to give way, each enough by itself; none where every unit has its period."""
    return [
        ": ".join(filter(None, (_limits(item, texts), "; ".join(map(texts.say, item.where))))) for item in plan.reliefs
    ]


def _limits(item: Relief, texts: Texts) -> str:
    return ", ".join(texts(f"limit.{name}") for name in item.limit.split(" and "))
