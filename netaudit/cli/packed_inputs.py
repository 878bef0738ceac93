"""Plan and floors of an unpacked pack, made again from the inputs that it holds."""

from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.floor_plans import with_floors
from netaudit.cli.plan_inputs import PLACES, PLANNING
from netaudit.cli.planning import with_planning

if TYPE_CHECKING:
    from netaudit.cli.results import Results


def with_packed_inputs(results: "Results", run: Path) -> "Results":
    """Return the results with plan and floors as the inputs in a pack give them. Raises DataError."""
    planning = run / PLANNING
    results = with_planning(results, planning if planning.is_file() else None, run / PLACES, packed=True)
    return with_floors(results, run / PLACES)
