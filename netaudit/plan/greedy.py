"""A first plan without a solver: the weightiest jobs first, each where it weighs least; then single moves."""

from collections.abc import Callable, Sequence
from typing import Final

from netaudit.plan.ledger import Ledger
from netaudit.plan.problem import Job, Problem, Solution

_NONE: Final = "no solver"
_ROUNDS: Final = 3


def first_plan(problem: Problem) -> Solution:
    """Return a plan that keeps every limit, though not the best; jobs without room are left."""
    heaviest = _heaviest(problem)
    by_job = sorted(problem.jobs, key=heaviest)
    pressing: dict[str, int] = {}
    for number, job in enumerate(by_job):
        pressing.setdefault(job.site, number)
    # One site after the other saves visits; which order is the better one depends on what is weighed.
    by_site = sorted(by_job, key=lambda job: pressing[job.site])
    return min(
        (_in_order(problem, jobs) for jobs in (by_job, by_site)), key=lambda plan: (len(plan.left), plan.weighed)
    )


def _in_order(problem: Problem, jobs: Sequence[Job]) -> Solution:
    ledger = Ledger(problem, contain_early(problem))
    for job in jobs:
        _place(ledger, job)
    for _ in range(_ROUNDS):
        if sum(_moved(ledger, job) for job in jobs) == 0:
            break
    left = tuple(job.id for job in problem.jobs if job.id not in ledger.placed)
    terms = ledger.terms()
    return Solution(
        dict(ledger.placed), ledger.contained, "open", terms, terms.weighed(problem.weights), 0, left, solver=_NONE
    )


def contain_early(problem: Problem) -> dict[str, int]:
    """Return for each site the first period with time and money to contain it, the most exposed sites first."""
    ledger, limits = Ledger(problem, {}), problem.crew_limits()
    last = len(problem.periods) - 1
    for name, site in sorted(problem.sites.items(), key=lambda item: (-item[1].points, item[0])):
        for number, period in enumerate(problem.periods):
            room = all(
                ledger.work(number, limit.sites) + site.contain_days <= limit.days(period)
                for limit in limits
                if name in limit.sites
            )
            paid = period.budget is None or ledger.spent(number) + site.contain_cost <= period.budget
            if number == last or (site.share[number] and room and paid):
                ledger.contained[name] = number
                break
    return ledger.contained


def _place(ledger: Ledger, job: Job) -> bool:
    """Put the job where it weighs least and nothing stands in the way; say whether there is such a place."""
    for period in _by_weight(ledger, job):
        if next(ledger.obstacles(job, period), None) is None:
            ledger.put(job, period)
            return True
    return False


def _moved(ledger: Ledger, job: Job) -> bool:
    if job.id not in ledger.placed:
        return _place(ledger, job)
    old = ledger.take(job)
    if _place(ledger, job):
        return ledger.placed[job.id] != old
    ledger.put(job, old)
    return False


def _by_weight(ledger: Ledger, job: Job) -> list[int]:
    return sorted(range(len(ledger.problem.periods)), key=lambda period: (ledger.weight_of(job, period), period))


def _heaviest(problem: Problem) -> Callable[[Job], tuple[float, str]]:
    """Return the sort key: what a period of waiting weighs, for each day and each amount that the job takes."""
    days = sum(job.days for job in problem.jobs) or 1
    cost = sum(job.cost for job in problem.jobs) or 1
    weights = problem.weights

    def key(job: Job) -> tuple[float, str]:
        grows = weights.late * (job.late[-1] - job.late[0] if job.late else 0) / max(1, len(problem.periods) - 1)
        size = job.days / days + job.cost / cost
        return (-(grows + weights.waiting * job.points) / (size or 1e-9), job.id)

    return key
