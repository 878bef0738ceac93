"""The plan in time and money, as plain data: what each period holds, what it costs, how good the plan is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from netaudit.plan.costs import LineSum, Range, total
from netaudit.plan.problem import LIMITS, Relief
from netaudit.plan.products import Refusal


@dataclass(frozen=True, slots=True)
class PeriodUse:
    """One period. `spent`, `budget` in hundredths (budget None: no limit); `days`, `days_there` in hundredths.

    `crews`: how many work side by side.
    """

    name: str
    start: str
    end: str
    units: int
    sites: tuple[str, ...]
    spent: int
    budget: int | None
    days: int
    days_there: int
    phase: int | None
    crews: int = 1


@dataclass(frozen=True, slots=True)
class Timetable:
    """The schedule. `outcome`: proven, bounded, unfit, open (see Solution). `gap`: percent, two digits, as text.

    `reliefs`: what would have to give way where not all fits. `lines`: the bill; those without a figure stand without.
    `contained`: site to the name of the period. `priced`: units with a price, of `units`. `refused`: products not used.
    """

    objective: str
    label: str
    outcome: str
    gap: str
    weighed: int
    bound: int
    solver: str
    currency: str
    terms: Mapping[str, int]
    periods: tuple[PeriodUse, ...]
    lines: tuple[LineSum, ...]
    units: int
    priced: int
    contained: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reliefs: tuple[Relief, ...] = ()
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> Range:
        """The sum of all lines in cash that have a figure."""
        return total(self.lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the timetable as a JSON object; amounts in hundredths of the currency."""
        return {
            "objective": self.objective, "outcome": self.outcome, "gap_percent": self.gap, "weighed": self.weighed,
            "bound": self.bound, "solver": self.solver, "currency": self.currency, "terms": dict(self.terms),
            "units": self.units, "priced": self.priced,
            "total": {"low": self.total.low, "high": self.total.high},
            "periods": [_period(period) for period in self.periods],
            "cost_lines": [_line(line) for line in self.lines],
            "contained": dict(self.contained),
            "reliefs": [{"limit": r.limit, "name": _limit(r.limit), "where": list(r.where)} for r in self.reliefs],
            "refused_products": [{"product": item.where, "why": item.why} for item in self.refused],
            "notes": list(self.notes),
        }  # fmt: skip


def _limit(name: str) -> str:
    return " and ".join(LIMITS[part] for part in name.split(" and "))


def _period(period: PeriodUse) -> dict[str, Any]:
    return {
        "name": period.name, "from": period.start, "until": period.end, "phase": period.phase, "units": period.units,
        "sites": list(period.sites), "spent": period.spent, "budget": period.budget,
        "crews": period.crews, "crew_days": period.days, "crew_days_there": period.days_there,
    }  # fmt: skip


def _line(line: LineSum) -> dict[str, Any]:
    amount = None if line.amount is None else {"low": line.amount.low, "high": line.amount.high}
    return {
        "line": line.id, "label": line.label, "per": line.per, "count": line.count, "amount": amount,
        "date": line.date, "source": line.source, "cash": line.cash,
    }  # fmt: skip
