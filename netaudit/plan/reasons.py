"""Why a unit sits in its period: what keeps it out of each earlier one, or what an earlier place would cost. Pure."""

from collections.abc import Iterable, Sequence

from netaudit.plan.ledger import Ledger
from netaudit.plan.problem import Job, Problem, Solution


def reasons(problem: Problem, solution: Solution) -> dict[str, str]:
    """Return one or two sentences for each placed job. All others stay where they are while one is looked at."""
    ledger = Ledger(problem, solution.contained)
    for job in problem.jobs:
        if job.id in solution.period:
            ledger.put(job, solution.period[job.id])
    return {job.id: _reason(ledger, job, solution) for job in problem.jobs if job.id in solution.period}


def _reason(ledger: Ledger, job: Job, solution: Solution) -> str:
    problem, number = ledger.problem, solution.period[job.id]
    words = f"In {problem.periods[number].name}: {_deadline(problem, job, number)}."
    if number == 0:
        return f"{words} It is the first period."
    ledger.take(job)
    here = ledger.weight_of(job, number)
    clauses = [_earlier(ledger, job, period, here) for period in range(number)]
    ledger.put(job, number)
    return f"{words} Not earlier: {_joined(clauses)}."


def _deadline(problem: Problem, job: Job, number: int) -> str:
    if not job.deadline:
        return "no rule names a date for it"
    if problem.periods[number].end <= job.deadline:
        return f"in time for its deadline {job.deadline}"
    if job.deadline < problem.periods[0].start:
        return f"overdue since {job.deadline}"
    if job.deadline < problem.periods[0].end:
        return f"its deadline {job.deadline} falls before the first period ends"
    return f"after its deadline {job.deadline}"


def _earlier(ledger: Ledger, job: Job, period: int, here: int) -> str:
    obstacle = next(ledger.obstacles(job, period), None)
    if obstacle is not None:
        return obstacle.text
    name = ledger.problem.periods[period].name
    there = ledger.weight_of(job, period)
    if there >= here:
        return f"{name} has room, but would mean a visit more, which weighs {there:,} against {here:,}"
    return f"{name} has room and would be better by itself; the search ended before it moved it"


def _joined(clauses: Sequence[str], most: int = 4) -> str:
    rows: Iterable[str] = dict.fromkeys(clauses)
    rows = list(rows)
    return "; ".join(rows[:most]) + (f"; and {len(rows) - most} more" if len(rows) > most else "")
