"""What a plan rests on beside the log, as files of a pack, so that whoever holds the pack can make the plan again.

In a run's folder of a pack: planning.toml, planning/<number> the price files in its order, places.json, floors/.
A run on the disk keeps the first two as well, in planned/, so that it can be planned again wherever that happens.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netaudit.cli.whole_file import replace_file

if TYPE_CHECKING:
    from netaudit.plan.project import PriceSource, Project

PLANNING: Final = "planning.toml"
PRICES: Final = "planning"
PLACES: Final = "places.json"
FLOORS: Final = "floors"
KEPT: Final = "planned"


def price_path(planning: Path, source: "PriceSource", number: int, *, packed: bool) -> Path:
    """Return where a price file lies: where the planning file says, but in a pack under its number."""
    return planning.parent / (packed_name(source, number) if packed else source.file)


def packed_name(source: "PriceSource", number: int) -> str:
    """Return the name of a price file in a pack. Names of people's own files mean nothing elsewhere."""
    return f"{PRICES}/{number}.{'csv' if source.format == 'csv' else 'json'}"


def planning_inputs(planning: Path, project: "Project", places: Path | None, *, packed: bool) -> dict[str, bytes]:
    """Return the planning file, all price files, and what people typed about the units, where they did."""
    files = {PLANNING: planning.read_bytes(), **dict(_prices(planning, project, packed=packed))}
    if places and places.is_file():
        files[PLACES] = places.read_bytes()
    return files


def keep_planning(folder: Path, inputs: Mapping[str, bytes]) -> None:
    """Write planning and price files into the folder of a run, in the place of those that it kept before.

    Nothing without a planning file among the inputs. Raises NetauditError.
    """
    kept = {name: data for name, data in inputs.items() if name == PLANNING or name.startswith(f"{PRICES}/")}
    if PLANNING not in kept:
        return
    room = folder / KEPT
    (room / PRICES).mkdir(parents=True, exist_ok=True)
    for name, data in kept.items():
        replace_file(room / name, [data])
    for path in (room / PRICES).iterdir():
        if f"{PRICES}/{path.name}" not in kept:
            path.unlink()


def _prices(planning: Path, project: "Project", *, packed: bool) -> Iterator[tuple[str, bytes]]:
    from netaudit.plan.camera_database import gathered

    for number, source in enumerate(project.prices, 1):
        path = price_path(planning, source, number, packed=packed)
        yield packed_name(source, number), gathered(path) if path.is_dir() else path.read_bytes()
