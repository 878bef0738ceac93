"""netaudit runs: list the runs in the store, or take old ones in."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import out, say, table
from netaudit.errors import DataError, UsageError

if TYPE_CHECKING:
    from netaudit.store.record import Recorded

_EPILOG = """\
  netaudit runs                          the runs in the store, the latest first
  netaudit runs import audit/2026*       take the folders of older runs in, in any order
  netaudit runs --store postgresql://netaudit@db.example/netaudit
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("action", nargs="?", choices=("list", "import"), default="list", help="default: %(default)s")
    parser.add_argument("folder", nargs="*", type=Path, help="for import: folders that a scan wrote")
    add_store_option(parser)
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: %(default)s")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the runs, or take folders in."""
    if options.action == "import":
        return _import(options)
    return _list(options)


def _list(options: argparse.Namespace) -> int:
    from netaudit.store.store import Store

    with Store(options.store) as store:
        rows, shown = store.runs(), store.place.shown
    if options.format == "jsonl":
        for row in rows:
            out(json.dumps({**row.info, "folder": row.folder, "organisation": row.organisation}, ensure_ascii=False))
        return 0
    cells = (
        (row.run, row.started, row.status, row.organisation, str(row.units), str(row.covered), row.folder)
        for row in rows
    )
    for line in table(("RUN", "STARTED", "STATUS", "ORGANISATION", "DEVICES", "COVERED", "FOLDER"), cells):
        out(line)
    if not rows:
        say(f"The store {shown} holds no run yet: `netaudit scan` makes one.")
    return 0


def _import(options: argparse.Namespace) -> int:
    """Take every folder in that can be read, the oldest first; say which could not."""
    from netaudit.store.store import Store

    if not options.folder:
        raise UsageError("name the folders to take in: `netaudit runs import FOLDER...`")
    read, failed = _read(options.folder)
    with Store(options.store) as store:
        for run in read:
            try:
                store.record(run)
                out(run.info.run)
            except DataError as error:
                failed += 1
                say(str(error))
    say(f"{len(options.folder) - failed} of {len(options.folder)} runs are in the store.")
    return 1 if failed else 0


def _read(folders: list[Path]) -> tuple[list["Recorded"], int]:
    from netaudit.store.folder import read_folder

    runs, failed = [], 0
    for folder in folders:
        try:
            runs.append(read_folder(folder))
        except (OSError, DataError) as error:
            failed += 1
            say(str(error))
    return sorted(runs, key=lambda run: run.info.started), failed
