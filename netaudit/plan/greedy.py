"""A first plan without a solver: the most pressing jobs first, each in the earliest period that has room for it."""

from netaudit.plan.ledger import Ledger
from netaudit.plan.problem import Job, Problem, Solution

_NONE = "no solver"


def first_plan(problem: Problem) -> Solution:
    """Return a plan that keeps every limit, though not the best; jobs without room are left."""
    ledger = Ledger(problem, contain_early(problem))
    for job in sorted(problem.jobs, key=_pressing):
        for period in range(len(problem.periods)):
            if next(ledger.obstacles(job, period), None) is None:
                ledger.put(job, period)
                break
    left = tuple(job.id for job in problem.jobs if job.id not in ledger.placed)
    terms = ledger.terms()
    return Solution(
        dict(ledger.placed), ledger.contained, "open", terms, terms.weighed(problem.weights), 0, left, solver=_NONE
    )


def contain_early(problem: Problem) -> dict[str, int]:
    """Return for each site the first period with time to contain it, the most exposed sites first."""
    ledger, limits = Ledger(problem, {}), problem.crew_limits()
    last = len(problem.periods) - 1
    for name, site in sorted(problem.sites.items(), key=lambda item: (-item[1].points, item[0])):
        for number, period in enumerate(problem.periods):
            room = all(
                ledger.work(number, limit.sites) + site.contain_days <= limit.days(period)
                for limit in limits
                if name in limit.sites
            )
            if number == last or (site.share[number] and room):
                ledger.contained[name] = number
                break
    return ledger.contained


def _pressing(job: Job) -> tuple[str, int, str]:
    return job.deadline or "9999", -job.points, job.id
