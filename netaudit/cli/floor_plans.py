"""The floor plans that were kept, with the units that stand on them, for a report."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.plan_inputs import FLOORS as FOLDER
from netaudit.cli.plan_inputs import PLACES
from netaudit.cli.terminal import say
from netaudit.errors import DataError
from netaudit.places.kept import Floor, Kept, read_kept, rekeyed

if TYPE_CHECKING:
    from netaudit.cli.results import Results


def with_floors(results: "Results", places: Path) -> "Results":
    """Return the results with the floor plans that were kept and the units on them; a lost one is told."""
    from netaudit.evidence.pack.names import complaint
    from netaudit.places.images import look_at
    from netaudit.report.floors import FloorPlan

    kept = rekeyed(read_kept(places), list(results.devices))
    plans = []
    inputs = {PLACES: places.read_bytes()} if kept.floors else {}
    for floor in kept.floors:
        path = places.parent / FOLDER / Path(floor.image).name
        try:
            if wrong := complaint(path.name):
                raise DataError(str(path), wrong, "a picture that `netaudit register floor` kept")
            raw = path.read_bytes()
            picture = look_at(raw, str(path))
        except (OSError, DataError) as error:
            say(f"The floor plan of {floor.site}, {floor.floor} is left out: {error}")
            continue
        spots = tuple(_spots(kept, results, floor))
        inputs[f"{FOLDER}/{path.name}"] = raw
        plans.append(FloorPlan(floor.site, floor.floor, picture.kind, raw, picture.width, picture.height, spots))
    return replace(results, floors=tuple(plans), inputs={**results.inputs, **inputs})


def _spots(kept: Kept, results: "Results", floor: Floor) -> Iterator[tuple[str, float, float]]:
    from netaudit.report.sites import site_finder

    site_of = site_finder(results.scope)
    for device in results.devices:
        typed = kept.typed(device.device)
        if typed.get("floor") == floor.floor and (typed.get("site") or site_of(device)) == floor.site:
            try:
                x, y = float(typed["plan_x"]), float(typed["plan_y"])
            except (KeyError, ValueError):
                continue
            if 0 <= x <= 100 and 0 <= y <= 100:
                yield device.device, x, y
