"""From ranked units and the planning file to the problem in whole numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal, InvalidOperation

from netaudit.plan.costs import labour_cost, project_cost, unit_cost, visit_cost
from netaudit.plan.groups import Group
from netaudit.plan.hangs import Hang
from netaudit.plan.planning import Planning
from netaudit.plan.problem import Job, Problem, SiteLimit
from netaudit.plan.products import Product
from netaudit.plan.project import WATT, Period, Pin, Project, Site, Switch
from netaudit.plan.sorting import Sorted

_LICENSED = ("camera", "encoder", "intercom")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is known of each unit beside its need. `product`: the cheapest that fits and is let through, or None."""

    products: Mapping[str, Product | None]
    hangs: Mapping[str, Hang]


def problem_of(
    sorted_: Sorted, groups: Sequence[Group], project: Project, planning: Planning, chosen: Chosen
) -> Problem:
    """Return the problem: one job a group, one limit a site."""
    jobs = tuple(_job(group, project, chosen) for group in groups)
    stock = {item.product for item in project.stock}
    prices = {p.model: p.price.high for p in chosen.products.values() if p and p.price and p.model in stock}
    return Problem(
        periods=project.periods, jobs=jobs, sites=_sites(sorted_, groups, project), search=project.search,
        weights=planning.objectives[project.objective], currency=project.currency, carry_over=project.carry_over,
        once=project_cost(project).high, crews=project.crews, switches=project.switches, vms=project.vms,
        stock=project.stock, prices=prices,
    )  # fmt: skip


def lateness(deadline: str, periods: Sequence[Period]) -> tuple[int, ...]:
    """Return for each period how many periods after the deadline it is; a period that ends in time is not."""
    in_time = sum(period.end <= deadline for period in periods) - 1
    return tuple(max(0, number - in_time) for number in range(len(periods)))


def _job(group: Group, project: Project, chosen: Chosen) -> Job:
    stock = {item.product for item in project.stock}
    late = [0] * len(project.periods)
    days = cost = 0
    products: Counter[str] = Counter()
    for unit in group.units:
        kind, product = unit.need.device.type.value or "unknown", chosen.products.get(unit.id)
        days += project.days_for(kind)
        kept = product is not None and product.model in stock
        cost += unit_cost(kind, None if kept else product, project).high
        products.update([product.model] if product and kept else [])
        if unit.need.deadline:
            late = [one + more for one, more in zip(late, lateness(unit.need.deadline, project.periods), strict=True)]
    deadline = min((unit.need.deadline for unit in group.units if unit.need.deadline), default="")
    return Job(
        id=group.units[0].id, units=tuple(unit.id for unit in group.units), site=group.site, days=days, cost=cost,
        points=sum(unit.score for unit in group.units), deadline=deadline, late=tuple(late),
        closed=_closed(group, deadline, project), products=products,
        power=_power(group, project.switches, chosen), licences=_licences(group, project),
    )  # fmt: skip


def _closed(group: Group, deadline: str, project: Project) -> dict[int, tuple[str, str]]:
    """Return the periods in which the group cannot be changed, each with the limit and a clause for people."""
    site, closed = project.site(group.site), dict[int, tuple[str, str]]()
    names = {unit.id for unit in group.units}
    pins = [pin for pin in project.pins if pin.device in names or (pin.site and pin.site == group.site)]
    # A deadline that is over before the first period ends cannot be kept by anybody.
    kept = deadline if project.keep_deadlines and deadline >= project.periods[0].end else ""
    for number, period in enumerate(project.periods):
        if kept and period.end > kept:
            closed[number] = ("deadline", f"{period.name} ends after the deadline {kept}")
        elif not share(site, period):
            closed[number] = ("window", f"{site.name} is closed in {period.name}{_why(site, period)}")
        elif (pin := next((pin for pin in pins if _against(pin, period)), None)) is not None:
            wish = f"in {pin.period}" if pin.period else f"not before {pin.not_before}"
            closed[number] = ("pin", f"{pin.by} wants it {wish}: {pin.reason}")
    return closed


def _against(pin: Pin, period: Period) -> bool:
    return period.end < pin.not_before if pin.not_before else period.name != pin.period


def _why(site: Site, period: Period) -> str:
    reasons = (w.why for w in site.closed if w.why and w.start <= period.end and w.end >= period.start)
    return "".join(f" ({why})" for why in dict.fromkeys(reasons))


def share(site: Site, period: Period) -> int:
    """Return the percent of a period's days on which a site is open; at least 1 where it is open at all."""
    first, last = date.fromisoformat(period.start), date.fromisoformat(period.end)
    days = [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]
    open_ = [day for day in days if _is_open(site, day)]
    return max(1, 100 * len(open_) // len(days)) if open_ else 0


def _is_open(site: Site, day: str) -> bool:
    within = not site.windows or any(window.start <= day <= window.end for window in site.windows)
    return within and not any(window.start <= day <= window.end for window in site.closed)


def _sites(sorted_: Sorted, groups: Iterable[Group], project: Project) -> dict[str, SiteLimit]:
    # A camera goes with its recorder, so it counts at the recorder's site.
    at = {unit.id: group.site for group in groups for unit in group.units}
    units: Counter[str] = Counter()
    points: Counter[str] = Counter()
    for unit in sorted_.units:
        site = at.get(unit.id, unit.need.device.site)
        units[site] += 1
        points[site] += max(0, unit.score)
    cost, contain = visit_cost(project).high, project.effort.get("contain", 0)
    return {
        name: SiteLimit(
            name, tuple(share(project.site(name), period) for period in project.periods),
            project.site(name).max_units, project.site(name).disruption, contain * units[name], points[name],
            project.effort.get("visit", 0), cost, labour_cost(contain * units[name], project).high,
        )
        for name in sorted(units)
    }  # fmt: skip


def _power(group: Group, switches: Iterable[Switch], chosen: Chosen) -> dict[str, tuple[int, int]]:
    power: dict[str, tuple[int, int]] = {}
    for switch in switches:
        drawn = [
            (_old_watts(chosen.hangs.get(unit.id)), chosen.products.get(unit.id))
            for unit in group.units
            if unit.id in switch.devices or chosen.hangs.get(unit.id, Hang()).switch == switch.name
        ]
        if drawn:
            old = sum(watts for watts, _ in drawn)
            # A product without a figure is taken to draw what the old unit draws; the plan says so.
            power[switch.name] = (old, sum(p.watts if p and p.watts else watts for watts, p in drawn))
    return power


def _old_watts(hang: Hang | None) -> int:
    try:
        watts = Decimal(hang.watts) * WATT if hang and hang.watts else Decimal(0)
        return int(watts.to_integral_value(ROUND_CEILING)) if 0 <= watts < 10_000 else 0
    except InvalidOperation:
        return 0


def _licences(group: Group, project: Project) -> dict[str, int]:
    needs: dict[str, int] = {}
    for vms in project.vms:
        count = sum(
            unit.need.device.type.value in _LICENSED and (not vms.sites or unit.need.device.site in vms.sites)
            for unit in group.units
        )
        if count:
            needs[vms.name] = count
    return needs
