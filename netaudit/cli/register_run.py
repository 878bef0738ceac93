"""The run whose schedule is edited, and the file of what people typed about its units."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.places import beside_store
from netaudit.cli.plan_inputs import PLACES
from netaudit.cli.planning import planned
from netaudit.cli.run_reference import run_folder

if TYPE_CHECKING:
    from netaudit.cli.results import Results


def places_path(options: argparse.Namespace) -> Path:
    """Return the file of what people typed: the one chosen, or the one beside the store."""
    chosen: Path | None = getattr(options, "places", None)
    return chosen or beside_store(getattr(options, "store", None), PLACES)


def concluded(options: argparse.Namespace) -> "Results":
    """Return the results of the run, with the plan by periods where there is a planning file."""
    from netaudit.cli.corrections import corrections_of
    from netaudit.cli.decided import decided_of
    from netaudit.cli.knowledge import knowledge_of
    from netaudit.cli.results import conclude, owner_file

    folder = run_folder(options)
    results = conclude(
        folder, knowledge_of(options), owner_file(options.owner), corrections_of(options), decided_of(options.store)
    )
    return planned(results, options, places_path(options))
