"""netaudit progress: how far the removal is, over all runs."""

import argparse
from pathlib import Path

from netaudit.cli.diff import add_output_options, show
from netaudit.cli.run_reference import add_store_option, folder_of
from netaudit.cli.terminal import say
from netaudit.errors import UsageError
from netaudit.evidence.log import OBSERVATIONS

_EPILOG = """\
  netaudit progress                                           all runs of the store, oldest first
  netaudit progress audit/1 audit/2 audit/3 --format html --out progress.html

Counts what is left to remove in each run, and tells what happened from run to run: gone, replaced (by what), moved,
new, come back. The page holds the burn-down as a picture, with the numbers in a table. Exit status 1: an alarm in the
last step, for a covered unit came in, or a maker that was removed is back.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("runs", nargs="*", metavar="RUN", help="folders or names (default: all runs of the store)")
    add_store_option(parser)
    add_output_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Show the progress over the runs."""
    from netaudit.report.progress.read import read_snapshot, steps_of

    names = options.runs or _kept(options.store)
    if len(names) < 2:
        raise UsageError(f"{len(names)} runs show no progress: scan again, or name folders of runs")
    runs = [read_snapshot(folder_of(name, options.store)) for name in names]
    return show(steps_of(runs), runs, options)


def _kept(chosen: str | None) -> list[str]:
    """Return the names of the store's runs whose folders are there; say which are not."""
    from netaudit.store.store import Store

    with Store(chosen) as store:
        rows = store.runs()
    here = [row.run for row in rows if (Path(row.folder) / OBSERVATIONS).is_file()]
    for row in rows:
        if row.run not in here:
            say(f"Left out: {row.run}, its folder {row.folder} is gone.")
    return here
