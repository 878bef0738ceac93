"""netaudit register: the camera schedule, out to a workbook or CSV and in again; floor plans with the units on them."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.identify import add_signature_options
from netaudit.cli.planning import add_planning_option
from netaudit.cli.register_run import concluded, places_path
from netaudit.cli.run_reference import add_run_options
from netaudit.cli.terminal import harmless, out, say, table
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.cli.results import Results
    from netaudit.places.kept import Kept
    from netaudit.places.rows import Row

_EPILOG = """\
  netaudit register export cameras.xlsx          schedule, disposal and acceptance sheets of the latest run
  netaudit register export cameras.csv --sheet schedule
  netaudit register import cameras.xlsx --dry-run    what would be taken, and which cells would not
  netaudit register import cameras.xlsx          keep what was typed; it stays through every later scan
  netaudit register list                         what is kept, and cells that could not be used
  netaudit register floor plan.png --site "Town hall" --floor 1    keep a floor plan (PNG or JPEG)
  netaudit register put mac-00-00-5e-00-53-07 --floor 1 --x 40 --y 62.5    place a unit, in percent of the picture

Grey cells are measured, blue ones looked up, white ones typed, yellow ones empty; the column "How known" says the same.
What is typed is kept in places.json beside the store. Exit status 1: some cells could not be used; they are named.
"""
_ACTIONS = ("export", "import", "list", "floor", "put")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("action", choices=_ACTIONS)
    parser.add_argument(
        "name", nargs="?", metavar="FILE|DEVICE", help="a workbook, CSV or picture; for put: the device"
    )
    parser.add_argument("--places", type=Path, metavar="FILE", help="default: places.json beside the store")
    parser.add_argument("--sheet", choices=("schedule", "disposal", "acceptance"), default="schedule", help="for CSV")
    parser.add_argument("--dry-run", action="store_true", help="import: say what would happen, and keep nothing")
    parser.add_argument("--site", help="floor, put: the site")
    parser.add_argument("--floor", help="floor, put: the floor")
    parser.add_argument("--x", type=float, metavar="PERCENT", help="put: from the left edge")
    parser.add_argument("--y", type=float, metavar="PERCENT", help="put: from the upper edge")
    add_planning_option(parser)
    add_run_options(parser)
    add_signature_options(parser)
    parser.add_argument("--owner", type=Path, help="your answers (default: owner.toml here)")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Export, import, list, keep a floor plan, or place a unit."""
    if options.action == "list":
        return _list(options)
    if not options.name:
        raise UsageError(f"which file? `netaudit register {options.action} FILE`; see `netaudit register --help`")
    if options.action in ("floor", "put"):
        from netaudit.cli.register_floor import run_floor, run_put

        return run_floor(options) if options.action == "floor" else run_put(options)
    return _export(options) if options.action == "export" else _import(options)


def _sheets(results: "Results", kept: "Kept") -> "dict[str, list[Row]]":
    from netaudit.places.columns import load_layout
    from netaudit.places.rows import Heard, sheets_of
    from netaudit.plan.hangs import hangs
    from netaudit.report.sites import site_finder

    places, site_of = hangs(results.devices, results.observations), site_finder(results.scope)
    devices = [replace(device, site=site_of(device)) for device in results.devices]
    return sheets_of(Heard(devices, results.findings, results.plan, places), kept, load_layout())


def _export(options: argparse.Namespace) -> int:
    from netaudit.places.columns import load_layout
    from netaudit.places.csv_sheet import to_csv
    from netaudit.places.kept import read_kept, rekeyed
    from netaudit.places.workbook import to_xlsx

    path, layout = Path(options.name), load_layout()
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"{path}: name a .xlsx or .csv file")
    results = concluded(options)
    sheets = _sheets(results, rekeyed(read_kept(places_path(options)), list(results.devices)))
    is_csv = path.suffix.lower() == ".csv"
    data = to_csv(sheets[options.sheet], layout.sheets[options.sheet]) if is_csv else to_xlsx(sheets, layout)
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(data)
    draft.replace(path)
    say(f"Wrote {path}: {len(sheets['schedule'])} units, {len(sheets['disposal'])} of them to go.")
    return 0


def _import(options: argparse.Namespace) -> int:
    from netaudit.errors import DataError
    from netaudit.places.columns import load_layout
    from netaudit.places.csv_sheet import read_csv
    from netaudit.places.kept import facts_of, read_kept, rekeyed, write_kept
    from netaudit.places.merge import merge, told
    from netaudit.places.workbook import read_xlsx

    path, layout = Path(options.name), load_layout()
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(str(path), f"cannot be read: {error.strerror or error}", "an edited schedule") from error
    results = concluded(options)
    kept = rekeyed(read_kept(places_path(options)), list(results.devices))
    workbook = raw.startswith(b"PK") or path.suffix.lower() == ".xlsx"
    grids = read_xlsx(raw, path, layout) if workbook else read_csv(raw, path, layout)
    known = {device.device: facts_of(device) for device in results.devices}
    kept, outcome = merge(grids, kept, _sheets(results, kept), layout, path.name, known)
    for device, column, before, after in outcome.changed:
        out(f"{harmless(device)}: {harmless(column)}: {harmless(before) or '-'} -> {harmless(after) or '-'}")
    for line in told(outcome):
        say(harmless(line))
    say(f"{len(outcome.changed)} cells changed, {len(outcome.problems)} not taken, {len(outcome.remarks)} remarks.")
    if options.dry_run:
        say("Nothing was kept (--dry-run).")
    else:
        write_kept(places_path(options), kept)
        say(f"Kept in {places_path(options)}.")
    return 1 if outcome.problems else 0


def _list(options: argparse.Namespace) -> int:
    from netaudit.places.kept import read_kept

    kept = read_kept(places_path(options))
    rows = [
        (sheet, device, column, value)
        for part in (kept.rows, kept.extra)
        for sheet, typed in part.items()
        for device, row in typed.items()
        for column, value in row.items()
    ]
    for line in table(("SHEET", "DEVICE", "COLUMN", "TYPED"), rows):
        out(line)
    for floor in kept.floors:
        out(f"Floor plan: {harmless(floor.site)}, {harmless(floor.floor)}: {floor.image}")
    for item in kept.left:
        where = f"{harmless(item.file)} {harmless(item.cell)}"
        out(f"Not used: {where}: {harmless(item.text[:80])!r} ({harmless(item.why)})")
    say(f"{len(rows)} cells in {places_path(options)}")
    return 0
