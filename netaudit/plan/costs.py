"""What a unit, a visit and the whole cost, from the owner's figures only. What was not stated is named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from netaudit.plan.planning import LineRule
from netaudit.plan.products import Product
from netaudit.plan.project import DAY, CostLine, Project

_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Range:
    """An amount from `low` to `high`, in hundredths of the currency."""

    low: int = 0
    high: int = 0

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.high + other.high)

    def times(self, count: int, of: int = 1) -> "Range":
        """Return the amount `count` times, divided by `of`; the upper end is rounded up."""
        return Range(self.low * count // of, -(-self.high * count // of))


@dataclass(frozen=True, slots=True)
class LineSum:
    """One line of the bill: how often, and what it comes to. `amount`: None where the owner stated no figure."""

    id: str
    label: str
    per: str
    count: int
    amount: Range | None
    date: str = ""
    source: str = ""
    cash: bool = True


def unit_cost(kind: str, product: Product | None, project: Project) -> Range:
    """Return what changing one unit costs in cash, percentages included; without a product only the other lines."""
    amount = Range(product.price.low, product.price.high) if product and product.price else Range()
    days = project.days_for(kind)
    for line in _cash(project.lines):
        if line.per in ("unit", kind):
            amount += Range(line.low, line.high)
        elif line.per == "day":
            amount += Range(line.low, line.high).times(days, DAY)
    return with_percents(amount, project)


def visit_cost(project: Project) -> Range:
    """Return what one visit of a site costs in cash: its own lines and the crew's time for it."""
    amount = Range()
    for line in _cash(project.lines):
        if line.per == "visit":
            amount += Range(line.low, line.high)
        elif line.per == "day":
            amount += Range(line.low, line.high).times(project.effort.get("visit", 0), DAY)
    return with_percents(amount, project)


def labour_cost(days: int, project: Project) -> Range:
    """Return what some hundredths of a crew's days cost in cash, percentages included."""
    per_day = (Range(line.low, line.high).times(days, DAY) for line in _cash(project.lines) if line.per == "day")
    return with_percents(sum(per_day, Range()), project)


def project_cost(project: Project) -> Range:
    """Return what is spent once, before the first period's work."""
    once = (Range(line.low, line.high) for line in _cash(project.lines) if line.per == "project")
    return with_percents(sum(once, Range()), project)


def with_percents(amount: Range, project: Project) -> Range:
    """Add the lines that are a part of all others, such as contingency."""
    low = sum(line.low for line in project.lines if line.per == "percent")
    high = sum(line.high for line in project.lines if line.per == "percent")
    return Range(amount.low * (_WHOLE + low) // _WHOLE, -(-amount.high * (_WHOLE + high) // _WHOLE))


def bill(
    rules: Mapping[str, LineRule], project: Project, counts: Mapping[str, int], units: Iterable[Range | None]
) -> tuple[LineSum, ...]:
    """Return every line of cost with its sum, the units first; those without a figure stand there without an amount.

    `counts`: how many of unit, camera, recorder, visit, project, and hundredths of days; `units`: prices of products.
    """
    prices = list(units)
    stated = [price for price in prices if price]
    rows = [LineSum("product", "new units", "unit", len(prices), sum(stated, Range()) if stated else None)]
    figures = {line.id: line for line in project.lines}
    for rule in rules.values():
        if rule.per != "percent":
            rows.append(_row(rule, figures.get(rule.id), counts))
    base = sum((row.amount for row in rows if row.amount and row.cash), Range())
    for rule in rules.values():
        if rule.per == "percent":
            rows.append(_share(rule, figures.get(rule.id), base))
    return tuple(rows)


def total(rows: Iterable[LineSum]) -> Range:
    """Return the sum of the lines in cash."""
    return sum((row.amount for row in rows if row.amount and row.cash), Range())


def _row(rule: LineRule, line: CostLine | None, counts: Mapping[str, int]) -> LineSum:
    count = counts.get(rule.per, 0)
    if line is None:
        return LineSum(rule.id, rule.label, rule.per, count, None, cash=rule.cash)
    scale = DAY if rule.per == "day" else 1
    amount = Range(line.low, line.high).times(count, scale)
    return LineSum(rule.id, rule.label, rule.per, count, amount, line.date, line.source, rule.cash)


def _share(rule: LineRule, line: CostLine | None, base: Range) -> LineSum:
    if line is None:
        return LineSum(rule.id, rule.label, rule.per, 0, None, cash=rule.cash)
    amount = Range(base.low * line.low // _WHOLE, -(-base.high * line.high // _WHOLE))
    return LineSum(rule.id, rule.label, rule.per, line.high, amount, line.date, line.source, rule.cash)


def _cash(lines: Iterable[CostLine]) -> Iterable[CostLine]:
    return (line for line in lines if line.cash)
