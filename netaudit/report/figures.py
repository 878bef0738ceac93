"""What only the page needs, worked out before the templates run: bars, column choices, the words of a filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from netaudit.identify.device import DEVICE_TYPES
from netaudit.plan.timetable import Timetable
from netaudit.policy.finding import STATUS_ORDER, Status
from netaudit.report import tables, timetable
from netaudit.report.limits import OUTCOMES
from netaudit.report.texts import Texts
from netaudit.report.views import Counts, Report

GRADES: Final = ("confirmed", "probable", "possible", "unknown")
BAR_WIDTH: Final = 240
_VISIBLE_WIDTH: Final = 4
PERIOD_WIDTH: Final = 400
_NAMES: Final = 80


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a bar: from `x`, `width` wide, in units of a bar that is about BAR_WIDTH wide."""

    status: Status
    count: int
    x: int
    width: int


def page_values(report: Report) -> Mapping[str, Any]:
    """Return what the templates need beside the report itself."""
    units = report.units
    return {
        "order": STATUS_ORDER,
        "grades": GRADES,
        "statuses": tuple(status for status in STATUS_ORDER if report.answer.counts.get(status)),
        "types": _types(report),
        "outcomes": tuple(name for name in OUTCOMES if any(name in row.counts for row in report.limits.probes)),
        "bars": bars(report),
        "judged": any(card.duties for card in units),
        "checked": _checked(report),
        "hidden": sorted(
            ((report.by_device[device], channels) for device, channels in report.limits.hidden),
            key=lambda pair: pair[0].no,
        ),
        "channels": sum(channels for _, channels in report.limits.hidden),
        # Site names come from the outside and may hold anything: rows and filters use their number instead.
        "site_numbers": {site.site: number for number, site in enumerate(report.sites, 1)},
    }


@dataclass(frozen=True, slots=True)
class PeriodBar:
    """A period's bars from `x`: how wide its budget and what is spent of it, in units of PERIOD_WIDTH."""

    name: str
    x: int
    budget: int
    spent: int


def timetable_values(report: Report, texts: Texts) -> Mapping[str, Any]:
    """Return what the page shows of the plan in time and money; nothing where there is no planning file."""
    made = report.plan.timetable
    if made is None:
        return {}
    return {
        "periods": timetable.periods(made, texts),
        "costs": timetable.costs(made, texts),
        "plan_remarks": tuple(timetable.remarks(made, texts)),
        "plan_reliefs": timetable.reliefs(made, texts),
        "period_bars": period_bars(made),
        "period_width": PERIOD_WIDTH,
        "shown": tables.shown,
    }


def period_bars(made: Timetable) -> tuple[PeriodBar, ...]:
    """Return a pair of bars for each period on one scale; none where no money is known."""
    most = max((max(item.spent, item.budget or 0) for item in made.periods), default=0)
    if not most:
        return ()

    def wide(amount: int | None) -> int:
        return max(round((amount or 0) * (PERIOD_WIDTH - _NAMES - 2) / most), 2) if amount else 0

    return tuple(PeriodBar(item.name, _NAMES, wide(item.budget), wide(item.spent)) for item in made.periods)


def bars(report: Report) -> tuple[tuple[Segment, ...], ...]:
    """Return one bar a site; the longest belongs to the site with most units, so that bars can be compared."""
    most = max((site.units for site in report.sites), default=0)
    return tuple(bar(site.counts, most) for site in report.sites)


def bar(counts: Counts, most: int) -> tuple[Segment, ...]:
    """Return the pieces of a bar in the order of the statuses; every count above nought stays visible."""
    segments: list[Segment] = []
    x = 0
    for status in STATUS_ORDER:
        if count := counts.get(status, 0):
            width = max(round(count * BAR_WIDTH / most), _VISIBLE_WIDTH)
            segments.append(Segment(status, count, x, width))
            x += width
    return tuple(segments)


def _types(report: Report) -> tuple[str, ...]:
    present = {card.device.type.value or "unknown" for card in report.units}
    return tuple(name for name in DEVICE_TYPES if name in present)


def _checked(report: Report) -> str:
    return min((row.policy.checked for row in report.policies if row.policy.checked), default="")
