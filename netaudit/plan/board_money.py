"""The money of a plan that is changed by hand: what each phase costs of its budget, and what to move after a cut. Pure.

Amounts are hundredths of the plan's currency. The plan is its document (plan.json); only one that was made with a
planning file has periods and budgets.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netaudit.plan.amounts import highest, money
from netaudit.plan.board import Document, move_all


@dataclass(frozen=True, slots=True)
class Purse:
    """One phase. `period`: its name; `spent`: as planned, and with what was moved since at its upper price.

    `budget`: None for no limit. `by_hand`: who gave the budget on the board, "" where the planning file did.
    """

    period: str
    spent: int
    budget: int | None
    currency: str
    by_hand: str = ""

    @property
    def over(self) -> int:
        """What is missing, 0 where it suffices."""
        return max(0, self.spent - self.budget) if self.budget is not None else 0

    @property
    def text(self) -> str:
        """What it costs of what is there."""
        if self.budget is None:
            return f"About {money(self.spent, currency=self.currency)}"
        return f"About {money(self.spent)} of {money(self.budget, currency=self.currency)}"


def purses(plan: Document) -> dict[int, Purse]:
    """Return the money of each phase that has a period, by the number of the phase."""
    table: Mapping[str, Any] = plan.get("timetable") or {}
    moved = _moved(plan)
    return {
        period["phase"]: Purse(
            period["name"], period["spent"] + moved.get(period["phase"], 0), period["budget"], table["currency"],
            period.get("by_hand", ""),
        )
        for period in table.get("periods", ())
        if period["phase"] is not None
    }  # fmt: skip


def with_budgets(plan: Document, budgets: Mapping[int, int], by: str) -> dict[str, Any]:
    """Return the plan with other budgets of its phases."""
    changed = copy.deepcopy(dict(plan))
    for period in (changed.get("timetable") or {}).get("periods", ()):
        given = budgets.get(period["phase"])
        if given is not None and given != period["budget"]:
            period |= {"budget": given, "by_hand": by}
    return changed


def refit(plan: Document, by: str) -> tuple[dict[str, Any], int]:
    """Move what a phase has no money for to the next later phase that has; return the plan and how many were moved.

    The least urgent go first, and never before what they wait for nor behind what waits for them. What fits nowhere
    stays where it is, over its budget.
    """
    there, items = purses(plan), [item for phase in plan["phases"] for item in phase["items"]]
    spent = {number: purse.spent for number, purse in there.items()}
    where = {item["device"]: item["phase"] for item in items}
    wait_for = _waiting(items)
    moves: dict[str, int] = {}
    for number, purse in sorted(there.items()):
        mine = [item for item in items if item["phase"] == number]
        mine.sort(key=lambda unit: (unit.get("score", 0), unit["device"]))
        while purse.budget is not None and spent[number] > purse.budget:
            step = _next_move([item for item in mine if item["device"] not in moves], where, wait_for, there, spent)
            if step is None:
                break
            device, later, cost = step
            moves[device] = where[device] = later
            spent[number] -= cost
            spent[later] += cost
    return (move_all(plan, moves, by) if moves else dict(plan)), len(moves)


def _next_move(
    items: Sequence[Mapping[str, Any]],
    where: Mapping[str, int],
    wait_for: Mapping[str, Sequence[str]],
    there: Mapping[int, Purse],
    spent: Mapping[int, int],
) -> tuple[str, int, int] | None:
    """The first unit that can go later, its new phase and its cost; None where none can."""
    for item in items:
        cost = highest(item.get("cost", ""))
        if not cost:
            continue
        latest = min((where[other] for other in wait_for.get(item["device"], ())), default=None)
        for later in sorted(number for number in there if number > item["phase"]):
            budget = there[later].budget
            if (latest is None or later <= latest) and (budget is None or spent[later] + cost <= budget):
                return item["device"], later, cost
    return None


def _waiting(items: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Who waits for a unit, by unit."""
    found: dict[str, list[str]] = {}
    for item in items:
        for other in item.get("after", ()):
            found.setdefault(other, []).append(item["device"])
    return found


def _moved(plan: Document) -> dict[int, int]:
    """What moves by hand brought to each phase and took from it."""
    sums: dict[int, int] = {}
    for phase in plan["phases"]:
        for item in phase["items"]:
            planned, cost = item.get("planned", item["phase"]), highest(item.get("cost", "")) or 0
            if planned != item["phase"]:
                sums[planned] = sums.get(planned, 0) - cost
                sums[item["phase"]] = sums.get(item["phase"], 0) + cost
    return sums
