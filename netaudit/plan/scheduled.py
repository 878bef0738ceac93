"""The plan with a planning file: who goes in which period, why there, for how much, and how good that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from netaudit.plan.amounts import money
from netaudit.plan.candidates import Screened, fitting
from netaudit.plan.costs import Range, bill, unit_cost
from netaudit.plan.groups import Group, grouped
from netaudit.plan.hangs import Hang
from netaudit.plan.jobs import Chosen, problem_of
from netaudit.plan.ledger import Ledger
from netaudit.plan.model import NO_PRICE, Phase, Plan
from netaudit.plan.phases import Turn, close_phase, confirm_phase, contain_phase, period_phase
from netaudit.plan.planning import Planning
from netaudit.plan.problem import Problem, Relief, Solution
from netaudit.plan.products import Product
from netaudit.plan.project import Project
from netaudit.plan.project_file import known_sites
from netaudit.plan.reasons import reasons
from netaudit.plan.relief import sentences
from netaudit.plan.replacement import Traits, replacement, traits_of
from netaudit.plan.solver import reliefs, solve_or_first
from netaudit.plan.sorting import Sorted
from netaudit.plan.timetable import PeriodUse, Timetable

_FIRST_NUMBER: Final = 2


@dataclass(frozen=True, slots=True)
class Market:
    """What can be bought, and what is known of the units in place: their network place, traits that people typed."""

    screened: Screened = field(default_factory=lambda: Screened((), ()))
    hangs: Mapping[str, Hang] = field(default_factory=lambda: MappingProxyType({}))
    typed: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class _Work:
    """Everything at hand while a plan is put together."""

    sorted: Sorted
    project: Project
    planning: Planning
    market: Market
    traits: Mapping[str, Traits]
    products: Mapping[str, Product | None]
    groups: Sequence[Group]
    problem: Problem
    solution: Solution


def scheduled_plan(sorted_: Sorted, project: Project, planning: Planning, market: Market) -> Plan:
    """Return the plan by periods. What does not fit is in `unplaced`, with what would have to give.

    Phases: contain, confirm, one for each period in which units are changed, close.
    """
    if not sorted_.units:
        return Plan((), sorted_.aside)
    traits = {u.id: traits_of(u.need.device, market.hangs.get(u.id), market.typed.get(u.id)) for u in sorted_.units}
    products = {
        unit.id: next(iter(fitting(unit.need.device, traits[unit.id].values, market.screened.products)), None)
        for unit in sorted_.leaving
    }
    groups = grouped(sorted_.leaving)
    problem = problem_of(sorted_, groups, project, planning, Chosen(products, market.hangs))
    work = _Work(sorted_, project, planning, market, traits, products, groups, problem, solve_or_first(problem))
    found = reliefs(problem) if work.solution.left and work.solution.solver != "no solver" else ()
    return _plan(work, found)


def _plan(work: _Work, found: Sequence[Relief]) -> Plan:
    phases = _replacing(work)
    going = [unit for unit in work.sorted.units if unit.need.remedy != "contain"]
    first = (
        contain_phase(work.sorted.units, work.sorted.staying, work.planning),
        confirm_phase(work.sorted.units, work.planning),
    )
    last = close_phase(_FIRST_NUMBER + len(phases), going, work.planning)
    unplaced = (*work.sorted.aside, *_unplaced(work, found))
    return Plan((*first, *phases, last), unplaced, _timetable(work, phases, found))


def _replacing(work: _Work) -> list[Phase]:
    told = reasons(work.problem, work.solution)
    phases: list[Phase] = []
    for number, period in enumerate(work.problem.periods):
        here = [group for group in work.groups if work.solution.period.get(group.units[0].id) == number]
        if not here:
            continue
        here.sort(key=lambda group: (group.site, group.rank))
        turns = [turn for group in here for turn in _turns(work, group, told[group.units[0].id])]
        sites = list(dict.fromkeys(group.site or "site not known" for group in here))
        title = f"{period.name}, {', '.join(sites[:3])}" + (f" and {len(sites) - 3} more" if len(sites) > 3 else "")
        phases.append(period_phase(_FIRST_NUMBER + len(phases), title, turns, work.planning))
    return phases


def _turns(work: _Work, group: Group, why: str) -> list[Turn]:
    rows = []
    for unit in group.units:
        product = work.products[unit.id]
        new = replacement(unit.need.device, work.planning, work.traits[unit.id])
        with_ = f" Together with {group.units[0].id}." if unit.id != group.units[0].id else ""
        words = f"{why}{with_} Score {unit.score}."
        rows.append(Turn(unit, words, new, *_cost(work, unit.need.device.type.value or "unknown", product)))
    return rows


def _cost(work: _Work, kind: str, product: Product | None) -> tuple[str, str]:
    """Return the cost of a unit and where it comes from; no figure where no price is known."""
    if product is None:
        return (
            "",
            NO_PRICE if not work.market.screened.products else "no product of the price file fits and is let through",
        )
    name = f"{product.maker} {product.model}"
    if product.price is None or product.price.currency != work.project.currency:
        return "", f"{name}: the catalogue states no price"
    cost = unit_cost(kind, product, work.project)
    price = product.price
    alone = money(price.low, price.high, price.currency)
    return (
        money(cost.low, cost.high, price.currency),
        f"{name} {alone} ({price.source}, {price.date}) and the lines of cost per unit",
    )


def _unplaced(work: _Work, found: Sequence[Relief]) -> list[tuple[str, str]]:
    left = set(work.solution.left)
    how = " ".join(sentences(found)) or "Not all units fit; which limit stands in the way was not found out."
    if work.solution.solver == "no solver":
        how = "With OR-Tools (pip install netaudit[planner]) a better plan than this simple one is looked for."
    return [
        (unit.id, f"No period has room for it within the limits of the planning file. {how}")
        for group in work.groups
        if group.units[0].id in left
        for unit in group.units
    ]


def _timetable(work: _Work, phases: Sequence[Phase], found: Sequence[Relief]) -> Timetable:
    problem, solution = work.problem, work.solution
    ledger = ledger_of(problem, solution)
    by_title = {item.device: phase.number for phase in phases for item in phase.items}
    placed = [u for g in work.groups if g.units[0].id in solution.period for u in g.units]
    products = [work.products[unit.id] for unit in placed]
    prices = [Range(p.price.low, p.price.high) if p and p.price else None for p in products]
    return Timetable(
        objective=work.project.objective, label=problem.weights.label, outcome=solution.outcome,
        gap=f"{100 * solution.gap:.2f}", weighed=solution.weighed, bound=solution.bound, solver=solution.solver,
        currency=problem.currency, terms={name: getattr(solution.terms, name) for name in solution.terms.__slots__},
        periods=tuple(_use(ledger, number, by_title) for number in range(len(problem.periods))),
        lines=bill(work.planning.cost_lines, work.project, _counts(work, ledger), prices),
        units=len(placed), priced=sum(price is not None for price in prices),
        contained={name: problem.periods[p].name for name, p in sorted(solution.contained.items())},
        reliefs=tuple(found), refused=work.market.screened.refused, notes=tuple(_notes(work)),
    )  # fmt: skip


def ledger_of(problem: Problem, solution: Solution) -> Ledger:
    """Return the books of a solution."""
    ledger = Ledger(problem, solution.contained)
    for job in problem.jobs:
        if job.id in solution.period:
            ledger.put(job, solution.period[job.id])
    return ledger


def _use(ledger: Ledger, number: int, phase_of: Mapping[str, int]) -> PeriodUse:
    problem = ledger.problem
    period = problem.periods[number]
    jobs = [job for job in problem.jobs if ledger.placed.get(job.id) == number]
    crews = len(problem.crews) or period.crews
    return PeriodUse(
        name=period.name, start=period.start, end=period.end, units=sum(len(job.units) for job in jobs),
        sites=tuple(sorted({job.site for job in jobs})), spent=ledger.spent(number), budget=period.budget,
        days=ledger.work(number, problem.sites), days_there=period.days * crews,
        phase=next((phase_of[job.id] for job in jobs), None), crews=crews,
    )  # fmt: skip


def _counts(work: _Work, ledger: Ledger) -> dict[str, int]:
    kinds = [
        unit.need.device.type.value or "unknown"
        for group in work.groups
        if group.units[0].id in ledger.placed
        for unit in group.units
    ]
    days = sum(ledger.work(number, work.problem.sites) for number in range(len(work.problem.periods)))
    return {
        "unit": len(kinds), "camera": kinds.count("camera"), "recorder": kinds.count("recorder"), "day": days,
        "visit": work.solution.terms.visits, "project": 1,
    }  # fmt: skip


def _notes(work: _Work) -> list[str]:
    known = {unit.need.device.site for unit in work.sorted.units}
    strange = (name for name in known_sites(work.project) if name not in known)
    notes = [f"planning.toml speaks of the site {name!r}, which no unit has" for name in strange]
    bare = sum(product is None for product in work.products.values())
    if bare and work.market.screened.products:
        notes.append(f"{bare} units have no product that fits and is let through; budgets hold without their price")
    elif bare:
        notes.append("there is no price file: budgets hold for the lines of cost only")
    if work.project.switches and any(p and not p.watts for p in work.products.values()):
        notes.append("some products state no watts: they are taken to draw what the old unit draws")
    ids = {unit.id for unit in work.sorted.units}
    lost = (pin.device for pin in work.project.pins if pin.device and pin.device not in ids)
    notes += [f"the wish for {device} finds no unit" for device in lost]
    if work.solution.solver == "no solver":
        notes.append("OR-Tools is not installed: this plan keeps the limits, but a better one may exist")
    return notes
