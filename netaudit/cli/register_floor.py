"""netaudit register floor and put: keep a floor plan, and place units on it."""

import argparse
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.plan_inputs import FLOORS as FOLDER
from netaudit.cli.register_run import concluded, places_path
from netaudit.cli.terminal import say
from netaudit.errors import DataError, UsageError
from netaudit.places.kept import Floor, Kept, facts_of, read_kept, rekeyed, write_kept

if TYPE_CHECKING:
    pass


def run_floor(options: argparse.Namespace) -> int:
    """Keep a picture of a floor; an earlier one of the same floor is replaced."""
    from netaudit.places.images import look_at

    if not options.floor or options.site is None:
        raise UsageError("which floor? --site NAME --floor NAME")
    path, places = Path(options.name), places_path(options)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(str(path), f"cannot be read: {error.strerror or error}", "a PNG or JPEG picture") from error
    picture = look_at(raw, str(path))
    image = f"{hashlib.sha256(raw).hexdigest()[:32]}.{picture.kind}"
    folder = places.parent / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / image).write_bytes(raw)
    kept = read_kept(places)
    floor = Floor(options.site, options.floor, image, picture.width, picture.height)
    others = [item for item in kept.floors if (item.site, item.floor) != (floor.site, floor.floor)]
    write_kept(places, replace(kept, floors=tuple(sorted((*others, floor), key=lambda f: (f.site, f.floor)))))
    say(
        f"Kept {picture.width} by {picture.height} pixels for {floor.site}, {floor.floor}. Place units: `register put`."
    )
    return 0


def run_put(options: argparse.Namespace) -> int:
    """Place a unit on its floor, in percent of the picture's width and height."""
    from netaudit.cli.explain import chosen

    if options.floor is None or options.x is None or options.y is None:
        raise UsageError("where? --floor NAME --x PERCENT --y PERCENT")
    if not (0 <= options.x <= 100 and 0 <= options.y <= 100):
        raise UsageError(f"{options.x} by {options.y} is off the drawing: percent, 0 to 100")
    results = concluded(options)
    device = chosen(list(results.devices), options.name)
    kept = rekeyed(read_kept(places_path(options)), list(results.devices))
    cells = {"floor": options.floor, "plan_x": f"{options.x:g}", "plan_y": f"{options.y:g}"}
    if options.site is not None:
        cells["site"] = options.site
    write_kept(places_path(options), _with(kept, device.device, cells, facts_of(device)))
    say(f"{device.device} stands on {options.floor} at {options.x:g} %, {options.y:g} %.")
    return 0


def _with(kept: Kept, device: str, cells: dict[str, str], facts: dict[str, str]) -> Kept:
    schedule = {**kept.rows["schedule"], device: {**kept.typed(device), **cells}}
    return replace(kept, rows={**kept.rows, "schedule": schedule}, known={**kept.known, device: facts})
