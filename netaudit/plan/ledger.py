"""Keeps the books of a plan: what each period still has, and what stands in the way of putting a job there.

The solver knows nothing of it: its plans are checked against these books, and the reasons for people come from here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from netaudit.plan.amounts import money, plain
from netaudit.plan.problem import Job, Problem, Terms
from netaudit.plan.project import DAY, WATT


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a job cannot be in a period. `limit`: one of LIMITS; `text`: one clause for people."""

    limit: str
    text: str


class Ledger:
    """The books. `contained`: site to the period in which it is contained first; sites without work for it may lack."""

    def __init__(self, problem: Problem, contained: Mapping[str, int]) -> None:
        self.problem = problem
        self.contained = dict(contained)
        self.placed: dict[str, int] = {}
        self._at: list[dict[str, Job]] = [{} for _ in problem.periods]
        self._cost = [0 for _ in problem.periods]
        # By period and site: jobs, units, hundredths of days.
        self._sums: list[dict[str, list[int]]] = [{name: [0, 0, 0] for name in problem.sites} for _ in problem.periods]
        self._limits = problem.crew_limits()

    def put(self, job: Job, period: int) -> None:
        """Place a job."""
        self.placed[job.id] = period
        self._at[period][job.id] = job
        self._count(job, period, 1)

    def take(self, job: Job) -> int:
        """Take a job out again; return where it was."""
        period = self.placed.pop(job.id)
        del self._at[period][job.id]
        self._count(job, period, -1)
        return period

    def _count(self, job: Job, period: int, sign: int) -> None:
        sums = self._sums[period][job.site]
        for place, amount in enumerate((1, len(job.units), job.days)):
            sums[place] += sign * amount
        self._cost[period] += sign * job.cost

    def obstacles(self, job: Job, period: int) -> Iterator[Obstacle]:
        """Yield everything that keeps a job, which is not placed now, out of a period."""
        if period in job.closed:
            yield Obstacle(*job.closed[period])
            return
        yield from self._site(job, period)
        yield from self._crews(job, period)
        yield from self._money(job, period)
        yield from self._power(job, period)
        yield from self._channels(job, period)

    def faults(self) -> Iterator[Obstacle]:
        """Yield every limit that the books, as they stand, break: each placed job held against all others."""
        for number, jobs in enumerate(self._at):
            for job in list(jobs.values()):
                self.take(job)
                yield from self.obstacles(job, number)
                self.put(job, number)

    def terms(self) -> Terms:
        """Return what the plan comes to. Jobs that have no place count as waiting beyond the last period."""
        problem, count = self.problem, len(self.problem.periods)
        where = {job.id: self.placed.get(job.id, count) for job in problem.jobs}
        visited = [(name, p) for p, sums in enumerate(self._sums) for name, (jobs, *_) in sums.items() if jobs]
        return Terms(
            late=sum(job.late[min(where[job.id], count - 1)] for job in problem.jobs if job.late),
            waiting=sum(job.points * where[job.id] for job in problem.jobs),
            visits=len(visited),
            disturbance=sum(problem.sites[name].disruption for name, _ in visited),
            money=sum(-(-problem.sites[name].visit_cost // 100) for name, _ in visited) + self._extra_money(),
            exposure=sum(site.points * self.contained.get(name, 0) for name, site in problem.sites.items()),
        )

    def weight_of(self, job: Job, period: int) -> int:
        """Return what the place of one job, which is not placed now, adds to the weight; licences and stock apart."""
        weights, site = self.problem.weights, self.problem.sites[job.site]
        own = weights.late * (job.late[period] if job.late else 0) + weights.waiting * job.points * period
        if self._sums[period][job.site][0]:
            return own
        price = weights.money * -(-site.visit_cost // 100)
        return own + weights.visits + weights.disturbance * site.disruption + price

    def spent(self, period: int) -> int:
        """Return what a period costs: jobs, visits, containing, what is bought, in the first what comes once."""
        sites = self.problem.sites
        visits = sum(sites[name].visit_cost for name, (jobs, *_) in self._sums[period].items() if jobs)
        contained = sum(sites[name].contain_cost for name, at in self.contained.items() if at == period)
        once = self.problem.once if period == 0 else 0
        return self._cost[period] + visits + contained + once + self._bought(period)

    def work(self, period: int, sites: Iterable[str]) -> int:
        """Return the hundredths of days that a period asks for at these sites."""
        total = 0
        for name in sites:
            site, (jobs, _, days) = self.problem.sites[name], self._sums[period][name]
            total += days + (site.visit_days if jobs else 0)
            total += site.contain_days if self.contained.get(name) == period else 0
        return total

    def _site(self, job: Job, period: int) -> Iterator[Obstacle]:
        site, name = self.problem.sites[job.site], self.problem.periods[period].name
        units = self._sums[period][job.site][1]
        if site.max_units is not None and units + len(job.units) > site.max_units:
            yield Obstacle("site", f"{job.site} takes {site.max_units} units in {name}, and {units} are there already")
        if site.contain_days and self.contained.get(job.site, 0) > period:
            when = self.problem.periods[self.contained[job.site]].name
            yield Obstacle("crew", f"{job.site} is contained in {when} only")

    def _crews(self, job: Job, period: int) -> Iterator[Obstacle]:
        at, site = self.problem.periods[period], self.problem.sites[job.site]
        visit = 0 if self._sums[period][job.site][0] else site.visit_days
        needs = job.days + visit
        # A site that is open all the time has the crews' days, which are looked at below.
        left = at.days * max(limit.count or at.crews for limit in self._limits) * site.share[period] // 100
        open_ = left - self.work(period, (job.site,))
        if site.share[period] < 100 and needs > open_:
            yield Obstacle("window", f"{at.name} leaves {_days(open_)} at {job.site}, and this takes {_days(needs)}")
            return
        for limit in self._limits:
            rest = limit.days(at) - self.work(period, limit.sites)
            if job.site in limit.sites and needs > rest:
                yield Obstacle("crew", f"the crews have {_days(rest)} left in {at.name}, and this takes {_days(needs)}")
                return

    def _money(self, job: Job, period: int) -> Iterator[Obstacle]:
        needs = self._price_of(job, period)
        for number, left in self._left(period):
            if needs > left:
                name = self.problem.periods[number].name
                has, wants = (money(amount, currency=self.problem.currency) for amount in (max(0, left), needs))
                yield Obstacle("budget", f"{name} has {has} left, and this takes {wants}")
                return

    def _left(self, period: int) -> Iterator[tuple[int, int]]:
        """Yield (period, what is left there) wherever spending in `period` counts."""
        periods = self.problem.periods
        if not self.problem.carry_over:
            budget = periods[period].budget
            if budget is not None:
                yield period, budget - self.spent(period)
            return
        saved = 0
        for number, at in enumerate(periods):
            if at.budget is None:
                return
            saved += at.budget - self.spent(number)
            if number >= period:
                yield number, saved

    def _price_of(self, job: Job, period: int) -> int:
        before = self.spent(period)
        self.put(job, period)
        after = self.spent(period)
        self.take(job)
        return after - before

    def _power(self, job: Job, period: int) -> Iterator[Obstacle]:
        for switch in self.problem.switches:
            if switch.name not in job.power:
                continue
            old, new = job.power[switch.name]
            grown = sum(other.power[switch.name][1] - other.power[switch.name][0] for other in self._until(switch.name))
            room = max(0, switch.room - self.problem.drawn(switch)) - grown
            if new - old > max(0, room):
                more, has = plain((new - old) * 100 // WATT), plain(max(0, room) * 100 // WATT)
                yield Obstacle("poe", f"the switch {switch.name} has {has} W left, and this takes {more} W more")

    def _until(self, switch: str) -> Iterator[Job]:
        # What comes later counts too: the last state of a switch must hold as well as the present one.
        return (job for jobs in self._at for job in jobs.values() if switch in job.power)

    def _channels(self, job: Job, period: int) -> Iterator[Obstacle]:
        for vms in self.problem.vms:
            needs = job.licences.get(vms.name, 0)
            if needs and self._licences(vms.name, period, vms.reuse) + needs > vms.free + vms.more:
                yield Obstacle(
                    "licence", f"{vms.name} has {vms.free} free channel licences and {vms.more} to be bought"
                )

    def _licences(self, name: str, period: int, reuse: bool) -> int:
        jobs = self._at[period].values() if reuse else (job for at in self._at for job in at.values())
        return sum(job.licences.get(name, 0) for job in jobs)

    def _bought(self, period: int) -> int:
        """Return what licences and stock cost in a period, each bought when it is first needed."""
        cost = 0
        for vms in self.problem.vms:
            cost += vms.price * self._grows(period, vms.free, partial(self._need, name=vms.name, reuse=vms.reuse))
        for stock in self.problem.stock:
            new = self._grows(period, stock.have - stock.keep, partial(self._used, product=stock.product))
            cost += self.problem.prices.get(stock.product, 0) * new
        return cost

    @staticmethod
    def _grows(period: int, free: int, need: Callable[[int], int]) -> int:
        # What the store lacks already, its spares, is bought in the first period.
        return max(0, need(period) - free) - (max(0, need(period - 1) - free) if period else 0)

    def _need(self, period: int, name: str, reuse: bool) -> int:
        """Return the most licences that are taken at once up to a period."""
        per = [sum(job.licences.get(name, 0) for job in jobs.values()) for jobs in self._at[: period + 1]]
        return max(per, default=0) if reuse else sum(per)

    def _used(self, period: int, product: str) -> int:
        return sum(job.products.get(product, 0) for jobs in self._at[: period + 1] for job in jobs.values())

    def _extra_money(self) -> int:
        last = len(self.problem.periods) - 1
        licences = sum(
            -(-vms.price // 100) * max(0, self._need(last, vms.name, vms.reuse) - vms.free) for vms in self.problem.vms
        )
        units = sum(
            -(-self.problem.prices.get(s.product, 0) // 100) * max(0, self._used(last, s.product) - s.have + s.keep)
            for s in self.problem.stock
        )
        return licences + units


def _days(hundredths: int) -> str:
    return f"{plain(max(0, hundredths) * 100 // DAY)} days"
