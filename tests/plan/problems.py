"""Problems for the solver's tests, small and drawn by hypothesis."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from netaudit.plan.periods import make_periods
from netaudit.plan.problem import Job, Problem, SiteLimit
from netaudit.plan.project import Period
from tests.plan.scenes import planning


def periods(count: int = 3, **more: Any) -> tuple[Period, ...]:
    """Return quarters from 2027 on, with 10 days of one crew and no budget each; `more` replaces their fields."""
    return make_periods(
        "2027-01-01", count, "quarter", Period("", "", "", **({"budget": None, "days": 1000, "crews": 1} | more))
    )


def job(name: str, site: str = "A", **more: Any) -> Job:
    """Return a job of one unit."""
    values: dict[str, Any] = {"id": name, "units": (name,), "site": site, "days": 100, "cost": 1000, "points": 10}
    return Job(**(values | more))


def problem(jobs: list[Job], objective: str = "deadline", **more: Any) -> Problem:
    """Return a problem of three periods without limits of sites."""
    at = more.pop("periods", periods())
    sites = more.pop("sites", None) or {
        name: SiteLimit(name, (100,) * len(at)) for name in sorted({j.site for j in jobs})
    }
    return Problem(at, tuple(jobs), sites, planning().objectives[objective], "EUR", **more)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw a problem with up to nine jobs at three sites, tight enough that some do not fit."""
    count = draw(st.integers(1, 4))
    at = tuple(
        replace(period, budget=draw(st.none() | st.integers(0, 6000)), days=draw(st.integers(0, 600)))
        for period in periods(count)
    )
    jobs = [_job(draw, f"j{number}", count) for number in range(draw(st.integers(1, 9)))]
    sites = {
        name: SiteLimit(
            name, tuple(draw(st.sampled_from((0, 50, 100))) for _ in at), draw(st.none() | st.integers(1, 4)),
            draw(st.integers(1, 3)), draw(st.sampled_from((0, 50))), draw(st.integers(0, 50)),
            draw(st.sampled_from((0, 30))), draw(st.sampled_from((0, 500))),
        )
        for name in ("A", "B", "C")
    }  # fmt: skip
    objective = draw(st.sampled_from(("deadline", "cost", "disruption")))
    return problem(jobs, objective, periods=at, sites=sites, carry_over=draw(st.booleans()), search=10)


def _job(draw: st.DrawFn, name: str, count: int) -> Job:
    units = draw(st.integers(1, 3))
    deadline = draw(st.none() | st.integers(0, count - 1))
    late = () if deadline is None else tuple(units * max(0, p - deadline) for p in range(count))
    closed = {p: ("window", "closed") for p in range(count) if draw(st.integers(0, 5)) == 0}
    return Job(
        name, tuple(f"{name}.{n}" for n in range(units)), draw(st.sampled_from("ABC")), draw(st.integers(0, 300)),
        draw(st.integers(0, 3000)), draw(st.integers(0, 200)), "", late, closed,
    )  # fmt: skip
