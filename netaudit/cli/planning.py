"""From planning.toml to the plan by periods: reads price files and catalogues, screens products, asks the solver."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.plan_inputs import KEPT, PLANNING, planning_inputs, price_path
from netaudit.cli.terminal import say

if TYPE_CHECKING:
    from netaudit.cli.results import Results
    from netaudit.plan.products import Offer
    from netaudit.plan.project import PriceSource, Project


def add_planning_option(parser: argparse.ArgumentParser) -> None:
    """Add --planning, the same for every verb that shows a plan."""
    parser.add_argument(
        "--planning", type=Path, metavar="FILE",
        help="your planning file, see `netaudit plan init` (default: planning.toml here, else the one that the run was "
        "planned by before)",
    )  # fmt: skip


def planned(results: "Results", options: argparse.Namespace, places: Path) -> "Results":
    """Return the results with the plan by periods: by the planning file chosen, planning.toml here, or as before."""
    chosen: Path | None = options.planning
    path = chosen or next((path for path in (Path(PLANNING),) if path.is_file()), None)
    return with_planning(results, path, places) if path else planned_as_before(results, places)


def planned_as_before(results: "Results", places: Path) -> "Results":
    """Return the results planned by what the run was planned by before; unchanged where it was not."""
    kept = results.folder / KEPT / PLANNING
    if not kept.is_file():
        return results
    say(f"Planning as before, by the files in {kept.parent} ...")
    return with_planning(results, kept, places, packed=True)


def with_planning(
    results: "Results", path: Path | None, places: Path | None = None, *, packed: bool = False
) -> "Results":
    """Return the results with the plan by periods; unchanged without a planning file. Raises DataError (file:line).

    `places`: what people typed about the units (`netaudit register`); what they say of form and place counts.
    `packed`: the files lie in an unpacked pack, under its names.
    """
    if path is None:
        return results
    from netaudit.places.columns import load_layout
    from netaudit.places.kept import Kept, read_kept, rekeyed
    from netaudit.places.rows import typed_traits, with_typed
    from netaudit.plan.candidates import Rules, screen
    from netaudit.plan.hangs import behind, hangs
    from netaudit.plan.planning import load_planning
    from netaudit.plan.products import merged
    from netaudit.plan.project_file import read_project
    from netaudit.plan.scheduled import Market, scheduled_plan
    from netaudit.plan.sorting import sort_out
    from netaudit.policy.relations import relations

    knowledge = results.knowledge
    planning = load_planning(knowledge.folders[0] / "planning")
    project = read_project(path, planning)
    known = relations(knowledge.makers, knowledge.affiliations, knowledge.brands)
    day = date.fromisoformat(results.info.started[:10])
    rules = Rules(results.policies, results.owner, known, knowledge.maker_names, knowledge.brand_names, day)
    offer = merged(_offers(project, path, packed=packed))
    kept = rekeyed(read_kept(places), list(results.devices)) if places else Kept()
    typed = typed_traits(kept, load_layout())
    hung = with_typed(hangs(results.devices, results.observations), kept)
    if project.periods and not packed:
        say(f"Planning {len(project.periods)} periods by {path} ...")
    sorted_ = sort_out(results.devices, results.findings, results.owner, planning, day, behind(results.devices, hung))
    plan = scheduled_plan(sorted_, project, planning, Market(screen(offer, rules), hung, typed))
    inputs = planning_inputs(path, project, places, packed=packed)
    return replace(results, plan=plan, inputs={**results.inputs, **inputs})


def _offers(project: "Project", planning: Path, *, packed: bool) -> "Iterator[Offer]":
    from netaudit.plan.products import told_as

    for number, source in enumerate(project.prices, 1):
        path = price_path(planning, source, number, packed=packed)
        # Rows are told by the name that the planning file has for their file: the same on every machine.
        yield told_as(_offer(path, source), str(path), source.file)


def _offer(path: Path, source: "PriceSource") -> "Offer":
    from netaudit.plan.camera_database import read_camera_database
    from netaudit.plan.price_file import read_prices

    return read_camera_database(path) if source.format == "camera-database" else read_prices(path, source)
