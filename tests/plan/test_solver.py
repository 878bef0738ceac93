"""The solver: its plans keep every limit by other books than its own, are the best there are, and are stable."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings

from netaudit.plan.greedy import first_plan
from netaudit.plan.ledger import Ledger
from netaudit.plan.problem import Problem, SiteLimit, Solution
from netaudit.plan.project import Crew, Stock, Switch, Vms
from netaudit.plan.relief import sentences
from netaudit.plan.solver import reliefs, solve
from tests.plan.problems import job, periods, problem, problems


def books(given_problem: Problem, solution: Solution) -> Ledger:
    ledger = Ledger(given_problem, solution.contained)
    for item in given_problem.jobs:
        if item.id in solution.period:
            ledger.put(item, solution.period[item.id])
    return ledger


def best_by_trying(given_problem: Problem) -> int | None:
    """Try every placing of a problem whose sites need no containing; None where none fits."""
    best: int | None = None
    for choice in product(range(len(given_problem.periods)), repeat=len(given_problem.jobs)):
        ledger = Ledger(given_problem, dict.fromkeys(given_problem.sites, 0))
        for item, period in zip(given_problem.jobs, choice, strict=True):
            ledger.put(item, period)
        if not any(ledger.faults()):
            weighed = ledger.terms().weighed(given_problem.weights)
            best = weighed if best is None else min(best, weighed)
    return best


@settings(max_examples=40, deadline=None)
@given(problems())
def test_every_plan_keeps_every_limit(drawn: Problem) -> None:
    for solution in (solve(drawn), first_plan(drawn)):
        ledger = books(drawn, solution)
        assert list(ledger.faults()) == []
        assert ledger.terms() == solution.terms
        assert set(solution.period) | set(solution.left) == {item.id for item in drawn.jobs}
        assert solution.bound <= solution.weighed


@settings(max_examples=15, deadline=None)
@given(problems())
def test_a_proven_plan_is_as_good_as_the_best_of_all(drawn: Problem) -> None:
    sites = {name: replace(site, contain_days=0) for name, site in drawn.sites.items()}
    small = replace(drawn, jobs=drawn.jobs[:5], sites=sites, search=50)
    solution, best = solve(small), best_by_trying(small)
    assert solution.outcome in ("proven", "unfit")
    assert (best is None) == (solution.outcome == "unfit")
    if best is not None:
        assert solution.weighed == best == solution.bound


def test_the_same_problem_gives_the_same_plan() -> None:
    jobs = [job(f"j{n}", "AB"[n % 2], cost=500 + 37 * n, points=n % 7) for n in range(30)]
    tight = problem(jobs, periods=periods(4, budget=9000))
    assert solve(tight) == solve(tight)


def test_a_deadline_comes_before_a_score_and_a_score_before_nothing() -> None:
    late = tuple(max(0, p) for p in range(3))
    jobs = [job("dated", late=late, deadline="2027-03-31", points=1), job("hot", points=99), job("cold", points=5)]
    solution = solve(problem(jobs, periods=periods(3, budget=1000)))
    assert solution.period == {"dated": 0, "hot": 1, "cold": 2}
    assert solution.outcome == "proven"


def test_the_objective_is_the_user_s_choice() -> None:
    jobs = [job("a1", "A", points=500), job("b1", "B", points=400), job("a2", "A", points=1), job("b2", "B", points=1)]
    share = (100, 100)
    sites = {name: SiteLimit(name, share, visit_cost=50_000) for name in "AB"}
    at = periods(2, days=200)
    early = solve(problem(jobs, "deadline", periods=at, sites={n: replace(s, visit_cost=0) for n, s in sites.items()}))
    assert early.period["a1"] == early.period["b1"] == 0
    calm = solve(problem(jobs, "disruption", periods=at, sites=sites))
    assert calm.terms.visits == 2
    assert calm.period["a1"] == calm.period["a2"] != calm.period["b1"]


def test_a_licence_a_switch_and_the_store_set_limits() -> None:
    jobs = [
        job(f"c{n}", licences={"main": 1}, power={"sw": (60, 100)}, products={"X": 1}, cost=0, points=200)
        for n in range(3)
    ]
    base = problem(jobs, prices={"X": 100_00})
    assert set(solve(base).period.values()) == {0}
    few = solve(replace(base, vms=(Vms("main", (), free=1),)))
    assert sorted(few.period.values()) == [0, 1, 2]
    bought = solve(replace(base, vms=(Vms("main", (), free=1, more=2, price=100),)))
    assert set(bought.period.values()) == {0}
    weak = solve(replace(base, switches=(Switch("sw", watts=300, headroom=10, other=10),)))
    assert len(weak.left) == 1, "two of three units may draw 4 W more: 27 - 1 - 18 W leaves 8 W"
    assert weak.outcome == "unfit"
    stock = replace(base, stock=(Stock("X", have=2, keep=1),), periods=periods(3, budget=100_00))
    assert sorted(solve(stock).period.values()) == [0, 0, 1]


def test_crews_of_some_sites_are_not_crews_of_others() -> None:
    jobs = [job(f"a{n}", "A", days=500) for n in range(2)] + [job("b", "B", days=500)]
    alone = problem(jobs, periods=periods(2, days=500, crews=2), crews=(Crew("north", ("A",)), Crew("south", ("B",))))
    solution = solve(alone)
    assert sorted(solution.period[f"a{n}"] for n in range(2)) == [0, 1]
    assert solution.period["b"] == 0


def test_a_site_is_contained_before_it_is_worked_at() -> None:
    sites = {n: SiteLimit(n, (100, 100), contain_days=600, points=p) for n, p in (("A", 90), ("B", 10))}
    solution = solve(problem([job("a", "A"), job("b", "B")], periods=periods(2), sites=sites))
    assert solution.contained == {"A": 0, "B": 1}
    assert solution.period == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    ("change", "limit", "words"),
    [
        ({"periods": periods(3, budget=700)}, "budget", "3 EUR more in 2027 Q1"),
        ({"periods": periods(3, days=50)}, "crew", "0.50 more days of a crew in 2027 Q1"),
        ({"sites": {"A": SiteLimit("A", (100, 100, 100), max_units=0)}}, "site", "1 more units at A"),
        ({"vms": (Vms("main", (), free=0),)}, "licence", "1 more licences of main"),
        ({"switches": (Switch("sw", 60, 0, 0),)}, "poe", "4 W more at the switch sw"),
    ],
)
def test_the_limit_that_has_to_give_is_named_with_the_least_it_takes(
    change: dict[str, Any], limit: str, words: str
) -> None:
    one = job("only", licences={"main": 1}, power={"sw": (60, 100)})
    unfit = problem([one], **change)
    solution = solve(unfit)
    assert (solution.outcome, solution.left) == ("unfit", ("only",))
    found = reliefs(unfit)
    assert [relief.limit for relief in found] == [limit]
    assert words in sentences(found)[0]


def test_where_no_limit_alone_is_enough_all_are_named_together() -> None:
    unfit = problem([job("only")], periods=periods(1, budget=0, days=0))
    (relief,) = reliefs(unfit)
    assert relief.limit == "budget and crew"
