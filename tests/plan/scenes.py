"""Small scenes for the planner's tests: devices and findings as the engine gives them."""

from functools import cache
from typing import Any

from netaudit.plan.planning import Planning, load_planning
from netaudit.policy.finding import Finding, Status


@cache
def planning() -> Planning:
    """Return the shipped planner's data."""
    return load_planning()


def finding(device: str, status: Status = "covered", **more: Any) -> Finding:
    """Return one finding; `more` replaces any other field."""
    acts = status in ("covered", "likely", "depends")
    values: dict[str, Any] = {
        "device": device, "policy": "P", "title": "A rule", "status": status, "why": f"{status}.",
        "remedy": "remove" if acts else "", "binds_owner": True,
    }  # fmt: skip
    return Finding(**(values | more))
