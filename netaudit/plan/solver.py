"""Solves the planner's problem with OR-Tools' CP-SAT; the only file that knows OR-Tools.

One worker, a fixed seed and a limit in the solver's own steps instead of seconds: the same problem gives the same plan
on every machine. OR-Tools is an optional part (`pip install netaudit[planner]`) and is imported only when it is needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from netaudit.plan.greedy import first_plan
from netaudit.plan.ledger import Ledger
from netaudit.plan.problem import LIMITS, Job, Problem, Relief, Solution
from netaudit.plan.relief import Slack, reliefs_of

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

# What the solver may spend, in its own units (about two seconds each on an idle core), at search = 1.
_PATIENCE: Final = 2.5
_SEED: Final = 1
_LARGE: Final = 10**12


def available() -> bool:
    """Say whether OR-Tools is installed."""
    from importlib.util import find_spec

    return find_spec("ortools") is not None


def solve(problem: Problem) -> Solution:
    """Return the best plan found, with the bound that proves how good it is. Not all fits: the plan of what does."""
    hint = first_plan(problem)
    model = _Model(problem)
    model.minimise()
    model.hint(hint)
    status, solver = model.run(problem.search)
    if status in ("OPTIMAL", "FEASIBLE"):
        return model.solution(solver, "proven" if status == "OPTIMAL" else "bounded")
    fits = "unfit" if status == "INFEASIBLE" else "open"
    partial = _Model(problem, leave=True)
    partial.minimise()
    partial.hint(hint)
    status, solver = partial.run(problem.search)
    return partial.solution(solver, fits) if status in ("OPTIMAL", "FEASIBLE") else _as(hint, fits)


def reliefs(problem: Problem) -> tuple[Relief, ...]:
    """Return each limit that, giving way alone, lets everything fit, with the least by which it must; else all at once.

    For each one a problem of its own is solved: the limit may be broken, and the sum of its breaches is made least.
    """
    alone = [relief for limit in LIMITS for relief in _relief(problem, (limit,))]
    return tuple(alone or _relief(problem, tuple(LIMITS)))


def _relief(problem: Problem, give: tuple[str, ...]) -> list[Relief]:
    model = _Model(problem, give=frozenset(give))
    if not model.slacks:
        return []
    model.least_slack()
    status, solver = model.run(max(10, problem.search // 4))
    if status not in ("OPTIMAL", "FEASIBLE"):
        return []
    broken = [(slack, solver.value(var)) for slack, var in model.slacks if solver.value(var)]
    return reliefs_of(problem, broken)


def _as(solution: Solution, outcome: str) -> Solution:
    return Solution(
        solution.period, solution.contained, outcome, solution.terms, solution.weighed, 0, solution.left,
        solver=solution.solver,
    )  # fmt: skip


@dataclass
class _Built:
    """The variables: job and period, site and period of a visit, site and period of containing, what is bought."""

    put: dict[tuple[str, int], Any] = field(default_factory=dict)
    visit: dict[tuple[str, int], Any] = field(default_factory=dict)
    contain: dict[tuple[str, int], Any] = field(default_factory=dict)
    left: dict[str, Any] = field(default_factory=dict)
    licences: dict[tuple[str, int], Any] = field(default_factory=dict)
    stock: dict[tuple[str, int], Any] = field(default_factory=dict)


class _Model:
    """One model. `give`: limits that may be broken, each breach a variable; `leave`: jobs may be left out."""

    def __init__(self, problem: Problem, give: frozenset[str] = frozenset(), leave: bool = False) -> None:
        from ortools.sat.python import cp_model

        self._cp = cp_model
        self.problem, self.give = problem, give
        self.model = cp_model.CpModel()
        self.vars = _Built()
        self.slacks: list[tuple[Slack, Any]] = []
        self._by_site: dict[str, list[Job]] = {}
        for job in problem.jobs:
            self._by_site.setdefault(job.site, []).append(job)
        self._jobs(leave)
        self._visits()
        self._sites()
        self._crews()
        self._licences()
        self._stock()
        self._power()
        self._budgets()

    def minimise(self) -> None:
        """Weigh all terms; a job that is left out weighs more than anything else can."""
        weights, problem, total = self.problem.weights, self.problem, []
        last = len(problem.periods)
        for (name, period), var in self.vars.put.items():
            job = self._job[name]
            total.append(
                (weights.late * (job.late[period] if job.late else 0) + weights.waiting * job.points * period) * var
            )
        for (name, _), var in self.vars.visit.items():
            site = problem.sites[name]
            price = weights.money * -(-site.visit_cost // 100)
            total.append((weights.visits + weights.disturbance * site.disruption + price) * var)
        for (name, period), var in self.vars.contain.items():
            total.append(weights.exposure * problem.sites[name].points * period * var)
        for vms in problem.vms:
            total += [weights.money * -(-vms.price // 100) * self.vars.licences[vms.name, p] for p in range(last)]
        for item in problem.stock:
            price = weights.money * -(-problem.prices.get(item.product, 0) // 100)
            total += [price * self.vars.stock[item.product, p] for p in range(last)]
        for name, var in self.vars.left.items():
            total.append(_heavy(self._job[name], problem) * var)
        self.model.minimize(sum(total))

    def least_slack(self) -> None:
        """Break the limits that give by as little as can be."""
        # Of equal breaches the earliest is told, so that the same problem gets the same answer.
        self.model.minimize(sum((1000 * slack.weight + slack.period) * var for slack, var in self.slacks))

    def hint(self, solution: Solution) -> None:
        """Tell the solver of a plan to start from."""
        for (name, period), var in self.vars.put.items():
            self.model.add_hint(var, int(solution.period.get(name) == period))
        site_of = {job.id: job.site for job in self.problem.jobs}
        visited = {(site_of[name], period) for name, period in solution.period.items()}
        for at, var in self.vars.visit.items():
            self.model.add_hint(var, int(at in visited))
        for (site, period), var in self.vars.contain.items():
            self.model.add_hint(var, int(solution.contained.get(site) == period))
        for name, var in self.vars.left.items():
            self.model.add_hint(var, int(name not in solution.period))

    def run(self, search: int) -> "tuple[str, cp_model.CpSolver]":
        """Search; return the status by name, and the solver with its values."""
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = _SEED
        # Measured on 2,000 units: the whole model in the relaxation, and no time for cuts.
        solver.parameters.linearization_level = 2
        solver.parameters.cut_level = 0
        solver.parameters.max_deterministic_time = _PATIENCE * search / 100
        status = solver.solve(self.model)
        return solver.status_name(status), solver

    def solution(self, solver: "cp_model.CpSolver", outcome: str) -> Solution:
        """Read the plan out of the solver; its weight is counted again by the ledger."""
        problem = self.problem
        period = {name: p for (name, p), var in self.vars.put.items() if solver.boolean_value(var)}
        contained = dict.fromkeys(problem.sites, 0)
        contained |= {name: p for (name, p), var in self.vars.contain.items() if solver.boolean_value(var)}
        ledger = Ledger(problem, contained)
        for job in problem.jobs:
            if job.id in period:
                ledger.put(job, period[job.id])
        terms = ledger.terms()
        weighed = terms.weighed(problem.weights)
        bought = {name: solver.value(var) for (name, _), var in self.vars.licences.items()}
        left = tuple(job.id for job in problem.jobs if job.id not in period)
        bound = min(weighed, max(0, round(solver.best_objective_bound))) if not left else 0
        return Solution(period, contained, outcome, terms, weighed, bound, left, bought, "OR-Tools CP-SAT")

    def _jobs(self, leave: bool) -> None:
        self._job = {job.id: job for job in self.problem.jobs}
        count = len(self.problem.periods)
        for job in self.problem.jobs:
            for period in range(len(self.problem.periods)):
                closed = job.closed.get(period)
                if closed is None or closed[0] in self.give:
                    var = self.vars.put[job.id, period] = self.model.new_bool_var("")
                    if closed is not None:
                        self.slacks.append((Slack(closed[0], period, job.id, len(job.units)), var))
            choices = [self.vars.put[job.id, p] for p in range(count) if (job.id, p) in self.vars.put]
            if leave:
                self.vars.left[job.id] = self.model.new_bool_var("")
                choices.append(self.vars.left[job.id])
            self.model.add_exactly_one(choices)

    def _visits(self) -> None:
        for name, jobs in self._by_site.items():
            for period in range(len(self.problem.periods)):
                here = [var for job in jobs if (var := self.vars.put.get((job.id, period))) is not None]
                if here:
                    visit = self.vars.visit[name, period] = self.model.new_bool_var("")
                    for var in here:
                        self.model.add_implication(var, visit)

    def _sites(self) -> None:
        for name, site in self.problem.sites.items():
            if site.contain_days:
                self._contained(name)
            for period in range(len(self.problem.periods)):
                if site.max_units is not None:
                    units = self._sum(self._by_site.get(name, ()), period, lambda job: len(job.units))
                    self.model.add(units <= site.max_units + self._slack("site", period, name))

    def _contained(self, name: str) -> None:
        count = len(self.problem.periods)
        rows = [self.model.new_bool_var("") for _ in range(count)]
        self.vars.contain |= {(name, period): var for period, var in enumerate(rows)}
        self.model.add_exactly_one(rows)
        for period in range(count):
            if (visit := self.vars.visit.get((name, period))) is not None:
                self.model.add(visit <= sum(rows[: period + 1]))

    def _crews(self) -> None:
        limits = self.problem.crew_limits()
        for number, period in enumerate(self.problem.periods):
            work = {name: self._work(name, number) for name in self.problem.sites}
            most = max(limit.count or period.crews for limit in limits)
            for name, site in self.problem.sites.items():
                if site.share[number] < 100:
                    room = period.days * most * site.share[number] // 100
                    self.model.add(work[name] <= room + self._slack("window", number, name))
            for limit in limits:
                rows = sum(work[name] for name in sorted(limit.sites))
                where = "" if limit.count is None else ", ".join(sorted(limit.sites))
                self.model.add(rows <= limit.days(period) + self._slack("crew", number, where))

    def _work(self, name: str, period: int) -> Any:
        site = self.problem.sites[name]
        rows = self._sum(self._by_site.get(name, ()), period, lambda job: job.days)
        if (visit := self.vars.visit.get((name, period))) is not None:
            rows += site.visit_days * visit
        if (contain := self.vars.contain.get((name, period))) is not None:
            rows += site.contain_days * contain
        return rows

    def _licences(self) -> None:
        count = len(self.problem.periods)
        for vms in self.problem.vms:
            jobs = [job for job in self.problem.jobs if vms.name in job.licences]
            need = self._upto(jobs, lambda job, v=vms: job.licences[v.name], each=vms.reuse)
            bought = [self.model.new_int_var(0, vms.more, "") for _ in range(count)]
            self.vars.licences |= {(vms.name, period): var for period, var in enumerate(bought)}
            self.model.add(sum(bought) <= vms.more + self._slack("licence", 0, vms.name))
            extra = self._slack_of("licence", vms.name)
            for period in range(count):
                self.model.add(need[period] <= vms.free + sum(bought[: period + 1]) + extra)

    def _stock(self) -> None:
        count = len(self.problem.periods)
        for item in self.problem.stock:
            jobs = [job for job in self.problem.jobs if item.product in job.products]
            used = self._upto(jobs, lambda job, i=item: job.products[i.product])
            most = sum(job.products[item.product] for job in jobs) + item.keep
            bought = [self.model.new_int_var(0, most, "") for _ in range(count)]
            self.vars.stock |= {(item.product, period): var for period, var in enumerate(bought)}
            extra = self._slack("stock", 0, item.product)
            for period in range(count):
                self.model.add(used[period] + item.keep <= item.have + sum(bought[: period + 1]) + extra)

    def _power(self) -> None:
        for switch in self.problem.switches:
            jobs = [job for job in self.problem.jobs if switch.name in job.power]
            room = max(0, switch.room - self.problem.drawn(switch))
            grown = self._upto(jobs, lambda job, s=switch: job.power[s.name][1] - job.power[s.name][0])
            extra = self._slack("poe", 0, switch.name)
            for row in grown if jobs else ():
                self.model.add(row <= room + extra)

    def _budgets(self) -> None:
        saved: Any = 0
        for number, period in enumerate(self.problem.periods):
            if period.budget is None:
                if self.problem.carry_over:
                    return
                continue
            left = period.budget - self._spent(number) + self._slack("budget", number, "")
            saved = saved + left if self.problem.carry_over else left
            self.model.add(saved >= 0)

    def _spent(self, period: int) -> Any:
        problem = self.problem
        rows = self._sum(problem.jobs, period, lambda job: job.cost)
        for (name, at), visit in self.vars.visit.items():
            if at == period:
                rows += problem.sites[name].visit_cost * visit
        for (name, at), contain in self.vars.contain.items():
            if at == period:
                rows += problem.sites[name].contain_cost * contain
        rows += sum(vms.price * self.vars.licences[vms.name, period] for vms in problem.vms)
        rows += sum(problem.prices.get(s.product, 0) * self.vars.stock[s.product, period] for s in problem.stock)
        return rows + (problem.once if period == 0 else 0)

    def _sum(self, jobs: Iterable[Job], period: int, amount: Any) -> Any:
        return sum(amount(job) * var for job in jobs if (var := self.vars.put.get((job.id, period))) is not None)

    def _upto(self, jobs: list[Job], amount: Any, each: bool = False) -> list[Any]:
        """Return the sum for each period by itself, or up to it."""
        per = [self._sum(jobs, period, amount) for period in range(len(self.problem.periods))]
        return per if each else [sum(per[: period + 1]) for period in range(len(per))]

    def _slack(self, limit: str, period: int, where: str) -> Any:
        if limit not in self.give:
            return 0
        var = self.model.new_int_var(0, _LARGE, "")
        self.slacks.append((Slack(limit, period, where, 1), var))
        return var

    def _slack_of(self, limit: str, where: str) -> Any:
        return next((var for slack, var in self.slacks if (slack.limit, slack.where) == (limit, where)), 0)


def _heavy(job: Job, problem: Problem) -> int:
    """Return what leaving a job out weighs: more than its worst place could, and more for more pressing ones."""
    count = len(problem.periods)
    worst = problem.weights.late * max(job.late, default=0) + problem.weights.waiting * job.points * count
    return 10 * worst + 100_000 * len(job.units)


def solve_or_first(problem: Problem) -> Solution:
    """Return the solver's plan, or the simple one where OR-Tools is not installed."""
    return solve(problem) if available() else first_plan(problem)
