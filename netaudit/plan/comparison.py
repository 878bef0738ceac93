"""Two plans side by side: what they cost, how long they take, and which units change their place. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netaudit.errors import DataError
from netaudit.plan.amounts import money

_TERMS: Final = {
    "late": "periods of lateness, all units together", "waiting": "points of priority times periods of waiting",
    "visits": "visits", "disturbance": "disturbance", "money": "money that depends on the order",
    "exposure": "points of priority times periods until contained",
}  # fmt: skip
_OUTCOMES: Final = {
    "proven": "the best there is", "bounded": "good, see the gap", "unfit": "not all units fit",
    "open": "not proven",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in both plans."""

    what: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """True where the plans do."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class Comparison:
    """`rows`: the measures; `moved`: device, its phase's title in each plan ("" where it has none)."""

    rows: tuple[Row, ...]
    moved: tuple[tuple[str, str, str], ...]


def read_plan(path: Path) -> dict[str, Any]:
    """Read a plan.json (of `netaudit plan --format json` or a run's folder). Raises DataError."""
    file = path / "plan.json" if path.is_dir() else path
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(str(file), f"cannot be used: {error}", "plan.json as `netaudit plan` writes it") from error
    if not isinstance(data, dict) or not isinstance(data.get("phases"), list):
        raise DataError(str(file), "is no plan", "plan.json as `netaudit plan` writes it")
    return data


def compare(first: Mapping[str, Any], second: Mapping[str, Any]) -> Comparison:
    """Compare two plans in their JSON form."""
    one, two = _measures(first), _measures(second)
    rows = tuple(Row(name, one.get(name, "-"), two.get(name, "-")) for name in dict.fromkeys((*one, *two)))
    places = _places(first), _places(second)
    moved = tuple(
        (device, places[0].get(device, ""), places[1].get(device, ""))
        for device in dict.fromkeys((*places[0], *places[1]))
        if places[0].get(device) != places[1].get(device)
    )
    return Comparison(rows, moved)


def _measures(plan: Mapping[str, Any]) -> dict[str, str]:
    replaced = [phase for phase in plan["phases"] if any(item.get("replacement") for item in phase["items"])]
    rows = {
        "units to be changed": str(sum(len(phase["items"]) for phase in replaced)),
        "phases of replacement": str(len(replaced)),
        "units without a place": str(len(plan.get("unplaced", []))),
    }
    return rows | (_of_timetable(plan["timetable"]) if plan.get("timetable") else {})


def _of_timetable(table: Mapping[str, Any]) -> dict[str, str]:
    currency, total = table["currency"], table["total"]
    rows = {
        "objective": table["objective"],
        "outcome": _OUTCOMES.get(table["outcome"], table["outcome"]),
        "gap": f"{table['gap_percent']} %",
        "total": money(total["low"], total["high"], currency) if total["high"] else "no figures stated",
        "units with a price": f"{table['priced']} of {table['units']}",
    }
    rows |= {_TERMS.get(name, name): f"{value:,}" for name, value in table["terms"].items()}
    for period in table["periods"]:
        rows[f"{period['name']}: units"] = str(period["units"])
        rows[f"{period['name']}: cost"] = money(period["spent"], currency=currency)
    return rows


def _places(plan: Mapping[str, Any]) -> dict[str, str]:
    return {item["device"]: str(phase["title"]) for phase in plan["phases"] for item in phase["items"]}


def lines(comparison: Comparison) -> Iterable[Sequence[str]]:
    """Return the measures as rows of a table: what, first, second, and a mark where they differ."""
    return ((row.what, row.first, row.second, "*" if row.differs else "") for row in comparison.rows)
