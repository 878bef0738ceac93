"""From planning.toml to the plan by periods: reads price files and catalogues, screens products, asks the solver."""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netaudit.cli.terminal import say

if TYPE_CHECKING:
    from netaudit.cli.results import Results
    from netaudit.plan.products import Offer
    from netaudit.plan.project import PriceSource, Project

PLANNING: Final = "planning.toml"


def add_planning_option(parser: argparse.ArgumentParser) -> None:
    """Add --planning, the same for every verb that shows a plan."""
    parser.add_argument(
        "--planning", type=Path, metavar="FILE",
        help="your planning file, see `netaudit plan init` (default: planning.toml here, where there is one)",
    )  # fmt: skip


def planning_file(options: argparse.Namespace) -> Path | None:
    """Return the planning file: the one chosen, else planning.toml here, else None."""
    chosen: Path | None = options.planning
    return chosen or next((path for path in (Path(PLANNING),) if path.is_file()), None)


def with_planning(results: "Results", path: Path | None, places: Path | None = None) -> "Results":
    """Return the results with the plan by periods; unchanged without a planning file. Raises DataError (file:line).

    `places`: what people typed about the units (`netaudit register`); what they say of form and place counts.
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
    offer = merged(_offers(project, path.parent))
    kept = rekeyed(read_kept(places), list(results.devices)) if places else Kept()
    typed = typed_traits(kept, load_layout())
    hung = with_typed(hangs(results.devices, results.observations), kept)
    if project.periods:
        say(f"Planning {len(project.periods)} periods by {path} ...")
    sorted_ = sort_out(results.devices, results.findings, results.owner, planning, day, behind(results.devices, hung))
    plan = scheduled_plan(sorted_, project, planning, Market(screen(offer, rules), hung, typed))
    return replace(results, plan=plan)


def _offers(project: "Project", folder: Path) -> "Iterable[Offer]":
    for source in project.prices:
        yield _offer(source, folder)


def _offer(source: "PriceSource", folder: Path) -> "Offer":
    from netaudit.plan.camera_database import read_camera_database
    from netaudit.plan.price_file import read_prices

    path = folder / source.file
    return read_camera_database(path) if source.format == "camera-database" else read_prices(path, source)
