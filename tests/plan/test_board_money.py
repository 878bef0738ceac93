"""A plan on the board after a budget cut: what each phase costs, what moves, what may not move, what fits nowhere."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netaudit.plan.amounts import highest, money
from netaudit.plan.board import move
from netaudit.plan.board_money import purses, refit, with_budgets


def unit(device: str, phase: int, cost: int, score: int = 0, after: tuple[str, ...] = ()) -> dict[str, Any]:
    low = money(cost - 100, cost, "EUR")
    return {"device": device, "phase": phase, "cost": low, "score": score, "after": list(after), "deadline": ""}


def plan(*units: dict[str, Any], budget: int | None = 100_000, phases: int = 3) -> dict[str, Any]:
    numbers = range(1, phases + 1)
    return {
        "phases": [
            {"number": n, "deadline": "", "items": [item for item in units if item["phase"] == n]} for n in numbers
        ],
        "timetable": {
            "currency": "EUR",
            "periods": [
                {
                    "name": f"Q{n}", "phase": n, "budget": budget,
                    "spent": sum(highest(item["cost"]) or 0 for item in units if item["phase"] == n),
                }
                for n in numbers
            ],
        },
    }  # fmt: skip


@given(st.integers(0, 10**12), st.integers(1, 10**9), st.sampled_from(["", "EUR"]))
def test_what_money_writes_is_read_back(low: int, more: int, currency: str) -> None:
    assert highest(money(low, currency=currency)) == low
    assert highest(money(low, low + more, currency)) == low + more


def test_text_without_an_amount_has_none() -> None:
    assert highest("") is None
    assert highest("no price") is None


def test_a_move_takes_its_cost_along_and_back() -> None:
    start = plan(unit("a", 1, 60_000), unit("b", 1, 30_000))
    moved = move(start, "a", 2, "anna")
    assert [purse.spent for purse in purses(moved).values()] == [30_000, 60_000, 0]
    assert purses(move(moved, "a", 1, "anna")) == purses(start)


def test_after_a_cut_the_least_urgent_moves_to_the_next_phase_with_money() -> None:
    start = plan(unit("urgent", 1, 60_000, 9), unit("later", 1, 30_000, 1), unit("full", 2, 90_000))
    cut = with_budgets(start, {1: 70_000}, "anna")
    assert (purses(cut)[1].over, purses(cut)[1].by_hand, purses(cut)[2].by_hand) == (20_000, "anna", "")
    again, moved = refit(cut, "anna")
    assert moved == 1
    assert [[item["device"] for item in phase["items"]] for phase in again["phases"]] == [
        ["urgent"],
        ["full"],
        ["later"],
    ]
    assert not any(purse.over for purse in purses(again).values())
    assert purses(start)[1].over == 0


def test_what_others_wait_for_stays_before_them_and_what_fits_nowhere_stays_over() -> None:
    start = plan(unit("recorder", 1, 60_000, 1), unit("camera", 1, 30_000, 5, ("recorder",)), phases=2)
    again, moved = refit(with_budgets(start, {1: 10_000, 2: 40_000}, "anna"), "anna")
    assert moved == 1
    assert [[item["device"] for item in phase["items"]] for phase in again["phases"]] == [["recorder"], ["camera"]]
    assert purses(again)[1].over == 50_000


def test_a_plan_without_prices_has_no_purses() -> None:
    bare = {"phases": plan()["phases"], "unplaced": []}
    assert purses(bare) == {}
    assert refit(bare, "anna")[1] == 0
