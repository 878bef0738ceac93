"""Says in words which limit has to give way, and by how much, where no plan fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from netaudit.plan.amounts import money, plain
from netaudit.plan.problem import LIMITS, Problem, Relief
from netaudit.plan.project import DAY, WATT

_TOLD: Final = 8


@dataclass(frozen=True, slots=True)
class Slack:
    """One place where a limit may be broken. `where`: a site, a switch, a job, or "". `weight`: of one unit of it."""

    limit: str
    period: int
    where: str
    weight: int


def reliefs_of(problem: Problem, broken: Sequence[tuple[Slack, int]]) -> list[Relief]:
    """Return one relief with all that gives way, in the order of the limits; none where nothing had to."""
    rows = sorted(broken, key=lambda item: (list(LIMITS).index(item[0].limit), item[0].period, item[0].where))
    limits = dict.fromkeys(slack.limit for slack, _ in rows)
    if not limits:
        return []
    texts = [_text(problem, slack, amount) for slack, amount in rows]
    shown = (*texts[:_TOLD], *([f"and {len(texts) - _TOLD} more"] if len(texts) > _TOLD else []))
    return [Relief(" and ".join(limits), shown)]


def told(relief: Relief) -> str:
    """Return one sentence for people."""
    names = " and ".join(LIMITS[name] for name in relief.limit.split(" and "))
    return f"It would fit with more room in: {names}: {'; '.join(relief.where)}."


def _text(problem: Problem, slack: Slack, amount: int) -> str:
    period = problem.periods[slack.period].name
    if slack.limit == "budget":
        return f"{money(amount, currency=problem.currency)} more in {period}"
    if slack.limit in ("crew", "window") and slack.where not in _jobs(problem):
        where = f" ({slack.where})" if slack.where else ""
        return f"{plain(amount * 100 // DAY)} more days of a crew in {period}{where}"
    if slack.limit == "site":
        return f"{amount} more units at {slack.where} in {period}"
    if slack.limit == "poe":
        return f"{plain(amount * 100 // WATT)} W more at the switch {slack.where}"
    if slack.limit == "licence":
        return f"{amount} more licences of {slack.where}"
    if slack.limit == "stock":
        return f"{amount} more of {slack.where} in the store"
    return f"{_what(problem, slack.where)} in {period}"


def _jobs(problem: Problem) -> frozenset[str]:
    return frozenset(job.id for job in problem.jobs)


def _what(problem: Problem, name: str) -> str:
    job = next((job for job in problem.jobs if job.id == name), None)
    return f"{len(job.units)} units of {job.site or 'a site without a name'} ({name})" if job else name


def sentences(reliefs: Iterable[Relief]) -> list[str]:
    """Return all reliefs in words."""
    return [told(relief) for relief in reliefs]
