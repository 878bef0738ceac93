"""netaudit plan: show the replacement plan of a run, with a planning file also by periods and money; compare two."""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.identify import add_signature_options
from netaudit.cli.plan_inputs import PLANNING
from netaudit.cli.planning import add_planning_option, planned
from netaudit.cli.run_reference import add_run_options, run_folder
from netaudit.cli.terminal import harmless, out, say, table
from netaudit.errors import UsageError

if TYPE_CHECKING:
    from netaudit.cli.results import Results

_EPILOG = """\
  netaudit plan                      phases, and what is in each, for the latest run
  netaudit plan init                 write planning.toml with comments: periods, budgets, crews, sites, prices
  netaudit plan                      with planning.toml here: phases by period, cost, and why each unit sits there
  netaudit plan --planning b.toml --format json > b.json
  netaudit plan compare a.json b.json    two plans side by side (files, or folders of runs)

Prices come from your own price file only; without one the plan names replacement classes. Nothing is invented.
Exit status 1: not all units fit; the limits that would have to give way are named.
"""
_ACTIONS = ("show", "init", "compare")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("action", nargs="?", choices=_ACTIONS, default="show", help="default: %(default)s")
    parser.add_argument("plans", nargs="*", metavar="PLAN", help="for compare: two plans")
    add_planning_option(parser)
    add_run_options(parser)
    add_signature_options(parser)
    parser.add_argument("--owner", help="your answers (default: owner.toml here)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the plan, write an empty planning file, or compare two plans."""
    if options.action == "init":
        return _init(options)
    if options.action == "compare":
        return _compare(options)
    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.decided import decided_of
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.register_run import places_path
    from netaudit.cli.results import conclude, owner_file

    owner = owner_file(Path(options.owner) if options.owner else None)
    results = conclude(
        run_folder(options), knowledge_of(options), owner, corrections_of(options), decided_of(options.store)
    )
    results = planned(results, options, places_path(options))
    if options.format == "json":
        out(json.dumps(results.plan.to_dict(), ensure_ascii=False, indent=1))
    else:
        _show(results)
    return 1 if results.plan.timetable and results.plan.timetable.reliefs else 0


def _show(results: "Results") -> None:
    from netaudit.cli.plan_text import timetable_lines

    for line in timetable_lines(results.plan.timetable):
        out(line)
    shown = {device.device: device for device in results.devices}
    for phase in results.plan.phases:
        late = phase.deadline < results.info.started[:10]
        until = f", {'overdue since' if late else 'by'} {phase.deadline}" if phase.deadline else ""
        out(f"Phase {phase.number}: {harmless(phase.title)} ({len(phase.items)} units{until})")
        out(f"  {harmless(phase.purpose)}")
        for item in phase.items:
            device = shown[item.device]
            where = device.addresses[0] if device.addresses else item.device
            becomes = item.replacement.name if item.replacement else "look at it on site"
            cost = f"  {item.cost}" if item.cost else ""
            out(f"  {item.score:4}  {where:16} {harmless(item.site):20} {harmless(becomes)}{cost}")
            if results.plan.timetable and item.replacement:
                out(f"        {harmless(item.because)}")
        out("")
    for name, why in results.plan.unplaced:
        out(f"Not placed: {name}: {harmless(why)}")


def _init(options: argparse.Namespace) -> int:
    from netaudit.data import data_folder

    path = options.planning or Path(PLANNING)
    if path.exists():
        raise UsageError(f"{path} exists already: edit it, or name another with --planning")
    path.write_bytes((data_folder("signatures") / "planning" / "planning.example.toml").read_bytes())
    say(f"Wrote {path}: fill in what you know, then `netaudit plan`. Every key: docs/reference/planning-file.md")
    return 0


def _compare(options: argparse.Namespace) -> int:
    from netaudit.cli.plan_names import names_of
    from netaudit.plan.comparison import compare, lines, read_plan

    if len(options.plans) != 2:
        raise UsageError("name two plans: `netaudit plan compare A B`, each a plan.json or a run's folder")
    beside = [Path(name) for name in options.plans]
    first, second = (read_plan(path) for path in beside)
    comparison = compare(first, second)
    names = names_of(
        [device for device, _, _ in comparison.moved], (first, second),
        [*beside, *([run_folder(options)] if options.run else [])], options.store,
    )  # fmt: skip
    if options.format == "json":
        rows = [{"what": row.what, "first": row.first, "second": row.second} for row in comparison.rows]
        moved = [{"device": d, **asdict(names[d]), "first": one, "second": two} for d, one, two in comparison.moved]
        out(json.dumps({"measures": rows, "moved": moved}, ensure_ascii=False, indent=1))
        return 0
    for line in table(("MEASURE", *map(str, options.plans), ""), lines(comparison)):
        out(line)
    if comparison.moved:
        out("")
        shown = ((*astuple(names[d]), a, b, d) for d, a, b in comparison.moved)
        for line in table(("ADDRESS", "MODEL", "PLACE", *map(str, options.plans), "ID"), _dashed(shown)):
            out(line)
    return 0


def _dashed(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    return ([cell or "-" for cell in row] for row in rows)
